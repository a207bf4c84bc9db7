import { isJsonObject, isJsonText } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { withSignedLinks } from "#features/media/index.ts";
import type { RunFacts } from "#features/runs/live/run-facts.ts";
import { describeRunError } from "#features/runs/repository.ts";
import { isSilentReply } from "#runtime/prompt/index.ts";
import type { DeltaEvent, RunEvent, Usage } from "#runtime/runs/index.ts";
import {
  type Message,
  type MessagePart,
  readMessagesOfRuns,
  reasoningOf,
  textOf,
  toolCallsOf,
} from "#runtime/transcript/index.ts";

/** An event of a run in the words of GoClaw's protocol v3. `type` is the subtype of its event `agent`. */
export interface AgentEvent {
  readonly type: string;
  readonly payload?: object;
}

/** The part of a tool's result that its event shows, in characters. */
const RESULT_CHARS = 1_000;

/**
 * Converts a run's events to those of GoClaw's protocol v3. It remembers what later events repeat: the arguments of a
 * call, and the last message.
 */
export class AgentEvents {
  readonly #ctx: Context;
  readonly #facts: RunFacts;
  readonly #arguments = new Map<string, unknown>();
  #answer: Message | undefined;

  constructor(ctx: Context, facts: RunFacts) {
    this.#ctx = ctx;
    this.#facts = facts;
  }

  async convert(event: Exclude<RunEvent, DeltaEvent>): Promise<readonly AgentEvent[]> {
    switch (event.type) {
      case "run.queued":
      case "message.started":
        return [];
      case "run.started": {
        const started = { type: "run.started", payload: { message: await this.#facts.readMessage() } };
        if (event.attempt === 1) return [started];
        const again = { attempt: event.attempt, maxAttempts: LIMITS.runAttempts, error: "interrupted" };
        return [started, { type: "run.retrying", payload: again }];
      }
      case "message.reset":
        return [{ type: "message.reset", payload: { messageId: event.messageId } }];
      case "message.completed":
        return this.#completeMessage(event.message);
      case "tool.call": {
        const args = toArguments(event.arguments);
        this.#arguments.set(event.callId, args);
        return [{ type: "tool.call", payload: { name: event.name, id: event.callId, arguments: args } }];
      }
      case "tool.progress": {
        const { name: tool, callId: id, progress, total, message } = event;
        return [{ type: "activity", payload: { phase: "tool_exec", tool, id, progress, total, message } }];
      }
      case "tool.result": {
        const { callId: id, name, text, isError: is_error } = event;
        const args = this.#arguments.get(id);
        const shown = { name, id, is_error, arguments: args, result: text.slice(0, RESULT_CHARS) };
        return [{ type: "tool.result", payload: is_error ? { ...shown, content: text } : shown }];
      }
      case "run.completed":
        return [{ type: "run.completed", payload: toAnswer(await this.#readAnswer(), event.usage) }];
      case "run.failed":
        return [{ type: "run.failed", payload: { error: describeRunError(this.#ctx, event.error).message } }];
      case "run.cancelled":
        return [{ type: "run.cancelled" }];
    }
  }

  async #completeMessage(message: Message): Promise<readonly AgentEvent[]> {
    const [signed = message] = await withSignedLinks(this.#ctx, [message]);
    this.#answer = signed;
    const content = textOf(signed.parts);
    const isInterim = toolCallsOf(signed.parts).length > 0 && content !== "";
    return isInterim ? [{ type: "block.reply", payload: { content, source: "tool_announcement" } }] : [];
  }

  /** Returns the parts of the answer. Those who resume after the last message have not seen it. */
  async #readAnswer(): Promise<readonly MessagePart[]> {
    return (this.#answer ?? (await readLastAnswer(this.#ctx, this.#facts.runId)))?.parts ?? [];
  }
}

async function readLastAnswer(ctx: Context, runId: string): Promise<Message | undefined> {
  const messages = await readMessagesOfRuns(ctx.db.read, [runId]);
  const last = messages.findLast(({ role }) => role === "assistant");
  return last && (await withSignedLinks(ctx, [last]))[0];
}

function toArguments(text: string): unknown {
  if (!isJsonText(text)) return text;
  const parsed: unknown = JSON.parse(text);
  return isJsonObject(parsed) ? parsed : text;
}

/** What a completed run answered, as the events and methods of GoClaw's protocol v3 say it. */
export interface Answer {
  readonly content: string;
  readonly thinking?: string;
  readonly usage: ReturnType<typeof toUsage>;
  readonly media?: ReturnType<typeof toMedia>;
}

/** Converts the parts of a run's last message to its answer. A silent reply has no content. */
export function toAnswer(parts: readonly MessagePart[], usage: Usage): Answer {
  const text = textOf(parts);
  const thinking = reasoningOf(parts);
  const media = parts.flatMap(toMedia);
  return {
    content: isSilentReply(text) ? "" : text,
    ...(thinking !== "" && { thinking }),
    usage: toUsage(usage),
    ...(media.length > 0 && { media }),
  };
}

const toUsage = (usage: Usage) => ({
  prompt_tokens: usage.input_tokens,
  completion_tokens: usage.output_tokens,
  total_tokens: usage.input_tokens + usage.output_tokens,
  cache_creation_tokens: usage.cache_write_tokens,
  cache_read_tokens: usage.cache_read_tokens,
});

function toMedia(part: MessagePart) {
  if (part.type !== "image" && part.type !== "file") return [];
  const name = part.type === "file" ? part.filename : undefined;
  const media = { path: part.blob, content_type: part.media_type, size: part.bytes };
  return [name === undefined ? media : { ...media, filename: name }];
}
