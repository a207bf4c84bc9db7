// Sessions, their messages and tool calls: paths, heads, appending, mending, branching, reset and summaries.
// Owns the tables `sessions`, `messages` and `tool_calls`.

export {
  appendMessages,
  INTERRUPTED_RESULT,
  mergeToolMessages,
  requireWholeTurns,
  standInResult,
  toMessage,
} from "#runtime/transcript/append-messages.ts";
export { type BlobStore, BlobTooLargeError, blobStore, createFileBlobStore } from "#runtime/transcript/blob-store.ts";
export {
  insertBranch,
  labelSession,
  resetTranscript,
  type StoredSummary,
  storeSummary,
  updateSessionFacts,
} from "#runtime/transcript/change-session.ts";
export { closeOpenCalls } from "#runtime/transcript/close-open-calls.ts";
export { deleteMessagesOfAgent, deleteTranscript } from "#runtime/transcript/delete-transcript.ts";
export { sessionUpdated } from "#runtime/transcript/events.ts";
export { joinTranscript, requireJoinable } from "#runtime/transcript/join-transcript.ts";
export { markRefused } from "#runtime/transcript/mark-refused.ts";
export {
  FilePart,
  holdsMedia,
  ImagePart,
  Message,
  MessagePart,
  mediaOf,
  type NewMessage,
  Refusal,
  reasoningOf,
  type TextPart,
  ToolCallPart,
  ToolResultPart,
  textOf,
  textsOf,
  toolCallsOf,
  toolResultsOf,
} from "#runtime/transcript/message-parts.ts";
export { withSearchText } from "#runtime/transcript/search-text.ts";
export {
  findSessionHead,
  growSession,
  type HeldSession,
  lockSession,
  lockSessionById,
  nameSession,
  openSession,
  passSession,
  type SessionGrowth,
  type SessionRequest,
  type SessionRow,
  setActiveRun,
  textBytesOf,
  transcriptHeadOf,
} from "#runtime/transcript/session-store.ts";
export { SessionSuffixes } from "#runtime/transcript/session-suffixes.ts";
export { startSession } from "#runtime/transcript/start-session.ts";
export {
  type ClientCall,
  findClientCalls,
  insertToolCalls,
  markCallRunning,
  readGatewayResults,
  readToolCalls,
  storeCallResult,
  type ToolCallRecord,
  type ToolEffect,
  toToolCallPart,
} from "#runtime/transcript/tool-call-store.ts";
export {
  applySummary,
  mendTranscript,
  openCallsOf,
  readMessagesOfRuns,
  readTranscript,
} from "#runtime/transcript/transcript.ts";
export { type OutlinedMessage, readMessages, readOutline } from "#runtime/transcript/transcript-page.ts";
