import type { AdapterOptions } from "#models/adapter-options.ts";
import type { LanguageModel } from "#models/language-model.ts";
import { ChatCall } from "#models/openai-chat/chat-call.ts";
import type { Quirks } from "#models/quirks/quirks.ts";

export interface OpenAiChatOptions extends AdapterOptions {
  readonly quirks: Quirks;
}

/** Creates the model interface for one server that speaks the OpenAI chat format. */
export const createOpenAiChatModel = (options: OpenAiChatOptions): LanguageModel => ({
  stream: (request, signal, onAlive) => new ChatCall(options, request, signal, onAlive),
});
