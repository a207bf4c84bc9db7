// The context that the model reads: prompt sections, the conversation window, summaries, and guidance between turns.

export { buildModelMessages, buildSystemPrompt, createBlobReader } from "#runtime/prompt/build-prompt.ts";
export { buildRequest } from "#runtime/prompt/build-request.ts";
export { compactContext } from "#runtime/prompt/compact-context.ts";
export { ConversationWindow } from "#runtime/prompt/conversation-window.ts";
export { findCut } from "#runtime/prompt/find-cut.ts";
export { type Guidance, guideRun } from "#runtime/prompt/guide-run.ts";
export { isSilentReply, SILENT_REPLY } from "#runtime/prompt/no-reply.ts";
export {
  combinePromptSources,
  type PromptSection,
  type PromptSource,
  promptSource,
} from "#runtime/prompt/prompt-source.ts";
export {
  type NoteKeeper,
  type SessionNotes,
  type SummaryServices,
  summarise,
  summaryServices,
} from "#runtime/prompt/summarise.ts";
export { TokenEstimator } from "#runtime/prompt/token-estimator.ts";
export { type ContextFile, truncateContextFiles } from "#runtime/prompt/truncate-context-files.ts";
