export { responsesEvents } from "#features/responses/vocabulary.ts";
