export { ConversationMessage } from "#features/conversation/schema.ts";
export { type Conversation, toConversation } from "#features/conversation/to-conversation.ts";
