import { LIMITS } from "#base/limits.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { createChatCompletion } from "#features/chat/create-chat-completion.ts";
import { getModel, listModels } from "#features/chat/list-models.ts";
import { Model, ModelList, ModelListInput, ModelPath } from "#features/chat/model-schema.ts";
import { ChatChunk, ChatCompletion, ChatInput } from "#features/chat/schema.ts";

export const chatOperations = [
  defineOperation({
    name: "chat.completions",
    http: { method: "POST", path: "/v1/chat/completions" },
    runsOnce: true,
    access: ACCESS.run,
    summary: "Talk to an agent as to an OpenAI model",
    description:
      "The request's messages are the conversation. The agent's own tools run inside; calls to the caller's tools come " +
      "back as `tool_calls`. The answer's X-GoClaw-Session-Key names the session, and sent back continues it. " +
      "X-GoClaw-Model names the provider and model that answered, unless a stream began before that was known.",
    errorStyle: "openai",
    body: { maxBytes: LIMITS.chatBody },
    input: ChatInput,
    output: ChatCompletion,
    errors: ["FAILED_PRECONDITION", "AGENT_TIMEOUT"],
    answers: {
      stream: { schema: ChatChunk, description: "Chunks, then `[DONE]`; a failure is a last event with `error`" },
    },
    example: {
      input: { model: "goclaw:default", messages: [{ role: "user", content: "Hello!" }] },
      output: {
        id: "chatcmpl-01a2047eeffb71b796c8df5e7e852d34",
        object: "chat.completion",
        created: 1795371757,
        model: "goclaw:default",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: "Hello! How can I help?", refusal: null },
            logprobs: null,
            finish_reason: "stop",
          },
        ],
        usage: {
          prompt_tokens: 412,
          completion_tokens: 7,
          total_tokens: 419,
          prompt_tokens_details: { cached_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      },
    },
    run: createChatCompletion,
  }),
  defineOperation({
    name: "models.list",
    http: { method: "GET", path: "/v1/models" },
    access: ACCESS.read,
    summary: "List the agents that the caller may talk to, as OpenAI models",
    description: "The ids are `goclaw:` and the key of an agent, to be sent as `model`.",
    errorStyle: "openai",
    input: ModelListInput,
    output: ModelList,
    example: {
      output: {
        object: "list",
        data: [{ id: "goclaw:default", object: "model", created: 1795371757, owned_by: "system" }],
      },
    },
    run: listModels,
  }),
  defineOperation({
    name: "models.get",
    http: { method: "GET", path: "/v1/models/{model}" },
    access: ACCESS.read,
    summary: "Read one agent that the caller may talk to, as an OpenAI model",
    description: "The id is `goclaw:` and the key of an agent.",
    errorStyle: "openai",
    input: ModelPath,
    output: Model,
    run: getModel,
  }),
];
