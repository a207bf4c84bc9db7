import type { EgressFetch } from "#base/egress/egress-fetch.ts";
import { LIMITS } from "#base/limits.ts";
import { JsonText } from "#base/texts/json-pieces.ts";
import { AnswerFilter } from "#models/ai-sdk/answer-filter.ts";
import type { CallNotes } from "#models/ai-sdk/call-notes.ts";
import type { WireAnswer } from "#models/ai-sdk/wire-answer.ts";
import { malformed } from "#models/failures/model-failure.ts";
import { readText } from "#models/read-text.ts";

/**
 * Marks a request whose tool choice is `none`. The SDK would omit the tools for that choice, so `guardFetch` sets it in
 * the body.
 */
export const NO_TOOLS_HEADER = "x-goclaw-no-tools";
const KEY_HEADERS = ["x-api-key", "x-goog-api-key", "authorization"];

/**
 * Creates the `fetch` for the SDK's packages. Repairs the requests that they send, and passes successful answers
 * through an `AnswerFilter`.
 */
export function guardFetch(
  egressFetch: EgressFetch,
  createAnswer: () => WireAnswer,
  calls: WeakMap<AbortSignal, CallNotes>,
): typeof fetch {
  const guarded = async (input: string | URL | Request, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    // A server without a key must not receive an empty key header.
    for (const name of KEY_HEADERS) if (headers.get(name) === "") headers.delete(name);
    const forbidsTools = headers.has(NO_TOOLS_HEADER);
    headers.delete(NO_TOOLS_HEADER);
    const notes = init.signal ? calls.get(init.signal) : undefined;
    if (!init.signal || !notes) throw new Error("a request belongs to no call");
    const body = typeof init.body === "string" ? await toBody(init.body, forbidsTools, notes) : init.body;
    const response = await egressFetch(input, { ...init, headers, ...(body != null && { body }) });
    if (!response.ok) {
      notes.refuse();
      return withShortBody(response);
    }
    return withFilter(response, createAnswer(), notes, init.signal);
  };
  // Bun's `fetch` type also has `preconnect`, which the SDK never uses.
  return Object.assign(guarded, { preconnect: () => {} });
}

async function toBody(json: string, forbidsTools: boolean, { apart }: CallNotes): Promise<string | JsonText> {
  const body = forbidsTools ? forbidTools(json) : json;
  return apart === undefined ? body : JsonText.filled(body, apart);
}

/**
 * Sets the tool choice `none` and keeps the tools: Anthropic refuses a history with tool calls if the tools are
 * missing.
 */
function forbidTools(body: string): string {
  const value = JSON.parse(body);
  return value.tools === undefined ? body : JSON.stringify({ ...value, tool_choice: { type: "none" } });
}

async function withShortBody(response: Response): Promise<Response> {
  const { status, headers } = response;
  return new Response(await readText(response.body, LIMITS.modelErrorBody), { status, headers });
}

function withFilter(response: Response, answer: WireAnswer, notes: CallNotes, signal: AbortSignal): Response {
  const { body, status, headers } = response;
  if (body === null) throw malformed("the answer is empty");
  notes.begin(answer);
  const filtered = new ReadableStream(new AnswerFilter(body, answer, notes, signal), { highWaterMark: 0 });
  return new Response(filtered, { status, headers });
}
