import { AppError } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import type { ChatChunk, ChatCompletion, ChatDelta, ChatUsage } from "#features/chat/schema.ts";
import { BETWEEN_TEXTS } from "#features/openai-messages/index.ts";
import { failureOf } from "#features/openai-runs/index.ts";
import type { AnsweredBy, FollowedEvent, RunEvent, RunFinish, Usage } from "#runtime/runs/index.ts";

/** The fields that all chunks of one answer share. */
export interface ChatHeader {
  readonly id: string;
  /** Seconds since 1970, UTC. */
  readonly created: number;
  readonly model: string;
}

/** A part of a run that a chat client sees. Calls of the gateway's own tools are left out. */
export type ChatStep =
  | { readonly kind: "delta"; readonly delta: ChatDelta; readonly answeredBy?: AnsweredBy | undefined }
  | {
      readonly kind: "end";
      readonly finish: RunFinish | "function_call";
      readonly usage: ChatUsage;
      readonly answeredBy?: AnsweredBy | undefined;
    }
  | { readonly kind: "error"; readonly error: AppError };

/** Who reads the answer. */
export interface ChatReader extends Pick<Context, "role"> {
  readonly showsReasoning: boolean;
}

/**
 * Converts the events of a run to the steps of a chat answer, with the model's reasoning if its reader sees it. An empty
 * line separates the texts of several model calls. The last step is always an end or an error. Events without an end
 * give an `INTERNAL` error.
 */
export async function* toChatSteps(reader: ChatReader, events: AsyncIterable<FollowedEvent>): AsyncGenerator<ChatStep> {
  let calls = 0;
  let hasText = false;
  let isNewMessage = false;
  let answeredBy: AnsweredBy | undefined;
  for await (const { event } of events) {
    if (event.type === "text.delta" || event.type === "message.completed") answeredBy = event.answeredBy ?? answeredBy;
    if (event.type === "message.started") isNewMessage = true;
    if (event.type === "reasoning.delta" && reader.showsReasoning && event.text !== "") {
      yield { kind: "delta", delta: { reasoning_content: event.text } };
    }
    if (event.type === "text.delta") {
      const content = isNewMessage && hasText ? BETWEEN_TEXTS + event.text : event.text;
      isNewMessage = false;
      hasText = true;
      yield { kind: "delta", delta: { content }, answeredBy };
    }
    if (event.type === "tool.call" && event.isClient) {
      const { callId: id, name, arguments: json } = event;
      const call = { index: calls++, id, type: "function" as const, function: { name, arguments: json } };
      yield { kind: "delta", delta: { tool_calls: [call] }, answeredBy };
    }
    const end = toEnd(reader, event, answeredBy);
    if (!end) continue;
    yield end;
    return;
  }
  yield { kind: "error", error: new AppError("INTERNAL", "error.run_internal", {}) };
}

function toEnd(reader: ChatReader, event: RunEvent, answeredBy: AnsweredBy | undefined): ChatStep | undefined {
  if (event.type === "run.completed")
    return { kind: "end", finish: event.finish, usage: toChatUsage(event.usage), answeredBy };
  const error = failureOf(event, reader);
  return error && { kind: "error", error };
}

const toChatUsage = (usage: Usage): ChatUsage => ({
  prompt_tokens: usage.input_tokens,
  completion_tokens: usage.output_tokens,
  total_tokens: usage.input_tokens + usage.output_tokens,
  prompt_tokens_details: { cached_tokens: usage.cache_read_tokens },
  completion_tokens_details: { reasoning_tokens: usage.reasoning_tokens },
});

/** A whole answer, and the model that gave its last part. */
export interface CollectedChat {
  readonly completion: ChatCompletion;
  readonly answeredBy: AnsweredBy | undefined;
}

/** Collects all steps into one answer. Throws the error of a failed run. */
export async function collectChat(steps: AsyncIterable<ChatStep>, header: ChatHeader): Promise<CollectedChat> {
  let content = "";
  let reasoning = "";
  const calls: NonNullable<ChatDelta["tool_calls"]> = [];
  let functionCall: ChatDelta["function_call"];
  for await (const step of steps) {
    if (step.kind === "error") throw step.error;
    if (step.kind === "delta") {
      content += step.delta.content ?? "";
      reasoning += step.delta.reasoning_content ?? "";
      calls.push(...(step.delta.tool_calls ?? []));
      functionCall ??= step.delta.function_call;
      continue;
    }
    const toolCalls = calls.map(({ index: _, ...call }) => call);
    const message = {
      role: "assistant" as const,
      content: content === "" && (calls.length > 0 || functionCall) ? null : content,
      refusal: null,
      ...(reasoning !== "" && { reasoning_content: reasoning }),
      ...(calls.length > 0 && { tool_calls: toolCalls }),
      ...(functionCall && { function_call: functionCall }),
    };
    const choice = { index: 0, message, logprobs: null, finish_reason: step.finish };
    const completion = { ...header, object: "chat.completion" as const, choices: [choice], usage: step.usage };
    return { completion, answeredBy: step.answeredBy };
  }
  throw new Error("the steps had no end");
}

/**
 * Encodes the steps as server-sent events: chunks and then `[DONE]`. A failure ends the stream with one typed error. A
 * reader that stops early also closes `steps`.
 */
export async function* encodeChatStream(
  steps: AsyncIterable<ChatStep>,
  header: ChatHeader,
  {
    includeUsage,
    describeError,
  }: { readonly includeUsage: boolean; readonly describeError: (error: unknown) => object },
): AsyncGenerator<string> {
  const chunk = (delta: ChatDelta, finish: Extract<ChatStep, { kind: "end" }>["finish"] | null): ChatChunk => ({
    ...header,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(includeUsage && { usage: null }),
  });
  const encodeText = textEncoder(toFrame(chunk({ content: TEXT }, null)));
  try {
    yield toFrame(chunk({ role: "assistant", content: "" }, null));
    for await (const step of steps) {
      if (step.kind === "delta") {
        const { content } = step.delta;
        yield content != null ? encodeText(content) : toFrame(chunk(step.delta, null));
        continue;
      }
      if (step.kind === "error") throw step.error;
      yield toFrame(chunk({}, step.finish));
      if (includeUsage) yield toFrame({ ...chunk({}, null), choices: [], usage: step.usage });
      yield "data: [DONE]\n\n";
      return;
    }
  } catch (thrown) {
    yield toFrame({ error: describeError(thrown) });
  } finally {
    await steps[Symbol.asyncIterator]().return?.();
  }
}

const TEXT = "<text>";

/** Returns an encoder for frames that differ from `sample` only in the text at `TEXT`. The rest is encoded once. */
function textEncoder(sample: string): (text: string) => string {
  const marker = JSON.stringify(TEXT);
  const start = sample.lastIndexOf(marker);
  const [before, after] = [sample.slice(0, start), sample.slice(start + marker.length)];
  return (text) => before + JSON.stringify(text) + after;
}

const toFrame = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
