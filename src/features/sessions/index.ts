export { sessionFeature } from "#features/sessions/feature.ts";
