export { mediaFeature } from "#features/media/feature.ts";
export { signLinks } from "#features/media/sign-links.ts";
