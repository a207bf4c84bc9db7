export { loadUpload } from "#features/openai-messages/load-upload.ts";
export { resumeConversation } from "#features/openai-messages/resume-conversation.ts";
export { AudioContent, ConversationMessage, FunctionCall } from "#features/openai-messages/schema.ts";
export { BETWEEN_TEXTS } from "#features/openai-messages/shown-turns.ts";
export { storeAudio, storeFile, storeImage, unsupportedContent } from "#features/openai-messages/store-content.ts";
export {
  type Conversation,
  nameResults,
  requireFewImages,
  toConversation,
} from "#features/openai-messages/to-conversation.ts";
