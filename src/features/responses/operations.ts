import { LIMITS } from "#base/limits.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { cancelResponse } from "#features/responses/cancel-response.ts";
import { createResponse } from "#features/responses/create-response.ts";
import { deleteResponse } from "#features/responses/delete-response.ts";
import { responseDeleted } from "#features/responses/events.ts";
import { listInputItems } from "#features/responses/list-input-items.ts";
import { readResponse } from "#features/responses/read-response.ts";
import {
  GetResponseInput,
  ListInputItemsInput,
  ResponseInput,
  ResponsePath,
} from "#features/responses/schema/request.ts";
import { AnyResponse, DeletedResponse, InputItemList, ResponseEvent } from "#features/responses/schema/response.ts";

const ID = "resp_01a2047eeffb71b796c8df5e7e852d34";
const ITEM_ID = "msg_01a2047ef1b072d4a6c1df5e7e852d35";

const EXAMPLE = {
  id: ID,
  object: "response",
  created_at: 1795371757,
  completed_at: 1795371759,
  status: "completed",
  error: null,
  incomplete_details: null,
  output: [
    {
      type: "message",
      id: ITEM_ID,
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Hello! How can I help?", annotations: [], logprobs: [] }],
    },
  ],
  usage: {
    input_tokens: 412,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: 7,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 419,
  },
  model: "goclaw:default",
  background: false,
  frequency_penalty: 0,
  conversation: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: "default",
  store: true,
  temperature: 1,
  text: { format: { type: "text" }, verbosity: "medium" },
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
} as const;

export const responseOperations = [
  defineOperation({
    name: "responses.create",
    http: { method: "POST", path: "/v1/responses" },
    runsOnce: true,
    access: ACCESS.run,
    summary: "Let an agent answer the items of a conversation",
    description:
      "OpenAI's Responses API: the caller's functions are handed back as calls, the agent's own tools run inside. A " +
      "body with `messages` is answered in GoClaw's own words; X-GoClaw-Events (`goclaw`, `openai`, `both`) chooses " +
      "others. What changes the meaning and is not supported, such as hosted tools, is refused by name.",
    errorStyle: "openai",
    body: { maxBytes: LIMITS.chatBody },
    input: ResponseInput,
    output: AnyResponse,
    errors: ["NOT_FOUND", "FAILED_PRECONDITION", "AGENT_TIMEOUT"],
    answers: {
      stream: { schema: ResponseEvent, description: "Events until the response ends; a failure is the last of them" },
    },
    example: { input: { model: "goclaw:default", input: "Hello!" }, output: EXAMPLE },
    run: createResponse,
  }),
  defineOperation({
    name: "responses.get",
    http: { method: "GET", path: "/v1/responses/{id}" },
    access: ACCESS.read,
    summary: "Read a stored response",
    description:
      "As it is now. With `stream=true` a background response is followed until its end, after `starting_after` if " +
      "given. Callers read responses of their own user and those that they made for others, administrators all.",
    errorStyle: "openai",
    input: GetResponseInput,
    output: AnyResponse,
    answers: {
      stream: { schema: ResponseEvent, description: "Events until the response ends; a failure is the last of them" },
    },
    example: { input: { id: ID }, output: EXAMPLE },
    run: readResponse,
  }),
  defineOperation({
    name: "responses.delete",
    http: { method: "DELETE", path: "/v1/responses/{id}" },
    access: ACCESS.write,
    summary: "Delete a stored response",
    description:
      "Its texts go with it, except for those that a later response or a named conversation needs. The record of work " +
      "and cost stays. Refused while the response is in progress.",
    errorStyle: "openai",
    input: ResponsePath,
    output: DeletedResponse,
    errors: ["FAILED_PRECONDITION"],
    audit: responseDeleted,
    example: { input: { id: ID }, output: { id: ID, object: "response", deleted: true } },
    run: deleteResponse,
  }),
  defineOperation({
    name: "responses.cancel",
    http: { method: "POST", path: "/v1/responses/{id}/cancel" },
    runsOnce: true,
    access: { ...ACCESS.run, rate: "standard" },
    summary: "Stop a response that is in progress",
    description: "What was written so far is kept. A response that has ended stays as it is.",
    errorStyle: "openai",
    body: { kind: "none" },
    input: ResponsePath,
    output: AnyResponse,
    example: { input: { id: ID }, output: { ...EXAMPLE, status: "cancelled", output: [] } },
    run: cancelResponse,
  }),
  defineOperation({
    name: "responses.input_items",
    http: { method: "GET", path: "/v1/responses/{id}/input_items" },
    access: ACCESS.read,
    summary: "List the items that a response answers",
    description:
      "Those of its own request, newest first. Images and files come without their bytes. What an earlier response " +
      "holds is read there.",
    errorStyle: "openai",
    input: ListInputItemsInput,
    output: InputItemList,
    example: {
      input: { id: ID },
      output: {
        object: "list",
        data: [
          {
            id: ITEM_ID,
            type: "message",
            role: "user",
            status: "completed",
            content: [{ type: "input_text", text: "Hello!" }],
          },
        ],
        first_id: ITEM_ID,
        last_id: ITEM_ID,
        has_more: false,
      },
    },
    run: listInputItems,
  }),
];
