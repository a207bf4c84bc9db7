export { ConversationMessage } from "#features/openai-messages/schema.ts";
export { type Conversation, toConversation } from "#features/openai-messages/to-conversation.ts";
