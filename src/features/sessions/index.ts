export { branchKeyOf } from "#features/sessions/branch-session.ts";
export { sessionFeature } from "#features/sessions/feature.ts";
export { listTranscript } from "#features/sessions/list-messages.ts";
export { MessageList, messagePageFields } from "#features/sessions/schema.ts";
