import { LIMITS } from "#base/limits.ts";
import { defineOperation } from "#core/operation.ts";
import { createChatCompletion } from "#features/chat/create-chat-completion.ts";
import { listModels } from "#features/chat/list-models.ts";
import { ModelList, ModelListInput } from "#features/chat/model-schema.ts";
import { ChatChunk, ChatCompletion, ChatInput } from "#features/chat/schema.ts";

const TAG = "OpenAI-compatible";

export const chatOperations = [
  defineOperation({
    name: "chat.completions",
    http: { method: "POST", path: "/v1/chat/completions" },
    access: { role: "operator", scope: "write", tenant: "scoped", rate: "run" },
    summary: "Talk to an agent as to an OpenAI model",
    description:
      "The request's messages are the conversation. The agent's own tools run inside; calls to the caller's tools come " +
      "back as `tool_calls`. The answer's X-GoClaw-Session-Key names the session, and sent back continues it.",
    tag: TAG,
    errorStyle: "openai",
    body: { maxBytes: LIMITS.chatBody },
    input: ChatInput,
    output: ChatCompletion,
    errors: ["NOT_FOUND", "FAILED_PRECONDITION", "RESOURCE_EXHAUSTED", "AGENT_TIMEOUT", "UNAVAILABLE"],
    answers: {
      stream: { schema: ChatChunk, description: "Chunks, then `[DONE]`; a failure is a last event with `error`" },
    },
    example: { input: { model: "goclaw:default", messages: [{ role: "user", content: "Hello!" }], stream: true } },
    run: createChatCompletion,
  }),
  defineOperation({
    name: "models.list",
    http: { method: "GET", path: "/v1/models" },
    access: { role: "viewer", scope: "read", tenant: "scoped", rate: "standard" },
    summary: "List the agents that the caller may talk to, as OpenAI models",
    tag: TAG,
    errorStyle: "openai",
    input: ModelListInput,
    output: ModelList,
    errors: [],
    run: listModels,
  }),
];
