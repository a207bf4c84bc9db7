import { isRecord, recordOf } from "#base/json.ts";
import { AnswerLimits } from "#models/answer-limits.ts";
import { findReportedError } from "#models/failures/find-reported-error.ts";
import { ModelFailure, malformed } from "#models/failures/model-failure.ts";
import { toReportedError } from "#models/failures/to-answer-error.ts";
import type { ModelEvent, ModelUsage } from "#models/language-model.ts";
import { ReasoningCollector } from "#models/openai-chat/answer/reasoning-collector.ts";
import type { SplitPiece, ThoughtSplitter } from "#models/openai-chat/answer/thought-splitter.ts";
import { toChatFinish } from "#models/openai-chat/answer/to-chat-finish.ts";
import { toChatUsage } from "#models/openai-chat/answer/to-chat-usage.ts";
import { toShownMedia } from "#models/openai-chat/answer/to-shown-media.ts";
import { ToolCallCollector } from "#models/openai-chat/answer/tool-call-collector.ts";
import { isEndMark } from "#models/sse-parser.ts";

/** The fields of an answer that we read. Servers deviate from the format, so no field's type is trusted. */
interface ChatChunk {
  readonly choices?: unknown;
  readonly usage?: unknown;
  readonly x_groq?: { readonly usage?: unknown } | null;
}
interface ChatChoice {
  readonly delta?: ChatDelta | null;
  readonly message?: ChatDelta | null;
  readonly finish_reason?: unknown;
  readonly finishReason?: unknown;
  readonly usage?: unknown;
}
interface ChatDelta {
  readonly content?: unknown;
  readonly refusal?: unknown;
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly reasoning_details?: unknown;
  readonly tool_calls?: unknown;
  readonly function_call?: unknown;
  readonly audio?: unknown;
  readonly images?: unknown;
}

export interface ChatDecoderOptions {
  /** The names of the tools that the model may call. */
  readonly offered: ReadonlySet<string>;
  /** How thoughts in the text are told apart. Undefined if the server's text holds none. */
  readonly thoughts: ThoughtSplitter | undefined;
}

/** Converts an answer in the OpenAI chat format, streamed or as one document, into our events. */
export class ChatDecoder {
  readonly #limits = new AnswerLimits();
  readonly #calls: ToolCallCollector;
  readonly #reasoning = new ReasoningCollector(this.#limits);
  readonly #thoughts: ThoughtSplitter | undefined;
  #events: ModelEvent[] = [];
  #finishReason: string | undefined;
  #usage: ModelUsage | undefined;
  #isDone = false;
  /** How much was shown so far, in events. */
  #shown = 0;
  #hasContent = false;
  #hasStopped = false;
  #hasContinued = false;

  constructor({ offered, thoughts }: ChatDecoderOptions) {
    this.#calls = new ToolCallCollector(this.#limits, offered);
    this.#thoughts = thoughts;
  }

  /** Whether the server sent its end mark. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /**
   * Whether the answer is complete, although usage may still follow. A finish reason before the first content ends
   * nothing, and neither does one that content follows.
   */
  get hasStopped(): boolean {
    return this.#hasStopped;
  }

  get usage(): ModelUsage | undefined {
    return this.#usage;
  }

  /** Returns the events decoded since the last call. */
  take(): readonly ModelEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /**
   * Decodes the data of one event. Returns false if it is not JSON. Throws `ModelFailure` if it reports an error or
   * exceeds a limit.
   */
  decode(data: string): boolean {
    if (this.#isDone) return true;
    if (isEndMark(data)) {
      this.#isDone = true;
      return true;
    }
    let chunk: unknown;
    try {
      chunk = JSON.parse(data);
    } catch {
      return false;
    }
    this.decodeValue(chunk);
    return true;
  }

  /** Decodes an answer that arrived as one document. */
  decodeDocument(value: unknown): void {
    this.decodeValue(value);
    this.#isDone = isRecord(value) && listOf(value.choices).length > 0;
  }

  /** Decodes one event, or a complete answer. */
  decodeValue(value: unknown): void {
    if (value === null || typeof value !== "object") throw malformed("an event of the stream is no object");
    const chunk: ChatChunk = value;
    // Safe: the fields of the choice are checked before use.
    const choice = (Array.isArray(chunk.choices) ? chunk.choices[0] : undefined) as ChatChoice | null | undefined;
    const usage = chunk.usage ?? chunk.x_groq?.usage ?? choice?.usage;
    if (usage) this.#usage = toChatUsage(usage);
    const reported = findReportedError(recordOf(value), choice);
    if (reported) throw new ModelFailure(toReportedError(reported));
    if (choice === null || typeof choice !== "object") return;
    const hasMore = this.#takeContent(choice);
    if (hasMore && this.#hasStopped) this.#hasContinued = true;
    const reason = choice.finish_reason || choice.finishReason;
    if (typeof reason === "string" && reason !== "") {
      this.#finishReason = reason;
      this.#flushThoughts();
      // Some servers send a finish reason with every event. Only one without content then ends the answer.
      this.#hasStopped = this.#hasContent && !(this.#hasContinued && hasMore);
    } else if (hasMore) this.#hasStopped = false;
  }

  /** Ends the answer. Throws `ModelFailure` if it is incomplete. */
  end(): void {
    if (this.#finishReason === undefined && !this.#isDone) throw malformed("the answer ended without saying why");
    this.#flushThoughts();
    const reason = toChatFinish(this.#finishReason ?? "stop");
    const calls = this.#calls.finish(reason === "length");
    const finish = calls.length > 0 ? "tool_calls" : reason;
    this.#events.push(...this.#reasoning.end(), ...calls, { type: "finish", finish, usage: this.#usage });
  }

  /** Takes the content of an event. Returns whether it has any. */
  #takeContent({ delta, message }: ChatChoice): boolean {
    const taken = this.#shown;
    if (delta !== null && typeof delta === "object") this.#takeDelta(delta);
    // Some servers repeat the whole message beside the last delta.
    const isOnlyMessage = this.#shown === 0 && message !== null && typeof message === "object";
    if (isOnlyMessage) this.#takeDelta(message);
    return this.#shown > taken;
  }

  #takeDelta(delta: ChatDelta): void {
    const { content, reasoning_content, reasoning, reasoning_details, tool_calls, function_call, refusal } = delta;
    if (reasoning_content || reasoning || reasoning_details) {
      this.#thoughts?.expectAnswer();
      const text = reasoning_content || reasoning;
      this.#showAll(this.#reasoning.add(typeof text === "string" ? text : "", reasoning_details));
    }
    if (typeof content === "string") this.#addText(content);
    else for (const part of listOf(content)) this.#addPart(part);
    if (typeof refusal === "string") this.#addText(refusal);
    this.#addText(toShownMedia(delta));
    for (const call of listOf(tool_calls ?? function_call)) this.#addCall(call);
  }

  #addText(text: string): void {
    if (text === "") return;
    if (this.#thoughts === undefined || this.#thoughts.isInAnswer) this.#showText(text);
    else this.#showSplit(this.#thoughts.push(text));
  }

  #showSplit(pieces: readonly SplitPiece[]): void {
    for (const { kind, text } of pieces) {
      if (kind === "text") this.#showText(text);
      else this.#showAll(this.#reasoning.add(text, undefined));
    }
  }

  #flushThoughts(): void {
    if (this.#thoughts) this.#showSplit(this.#thoughts.flush());
  }

  #showText(text: string): void {
    this.#limits.addText(text);
    this.#endReasoning();
    this.#hasContent ||= text.trim() !== "";
    this.#show({ type: "text", text });
  }

  /** Adds one part of Mistral's content lists: https://docs.mistral.ai/capabilities/reasoning. */
  #addPart(part: unknown): void {
    if (!isRecord(part)) return;
    const { type, text, thinking } = part;
    if (type === "thinking") this.#showAll(this.#reasoning.add(textOf(thinking), undefined));
    else this.#addText(typeof text === "string" ? text : toShownMedia({ images: [part] }));
  }

  #addCall(call: unknown): void {
    if (!isRecord(call)) return;
    this.#flushThoughts();
    this.#endReasoning();
    this.#calls.add(call);
    this.#hasContent = true;
    this.#show({ type: "progress" });
  }

  #endReasoning(): void {
    if (this.#reasoning.isOpen) this.#showAll(this.#reasoning.end());
  }

  #showAll(events: readonly ModelEvent[]): void {
    for (const event of events) this.#show(event);
  }

  /**
   * Queues an event. Joins texts that arrived in one network chunk, because each event costs every layer above an event
   * loop turn.
   */
  #show(event: ModelEvent): void {
    this.#shown++;
    const last = this.#events.at(-1);
    if (event.type === "progress" && last?.type === "progress") return;
    const continuesLast = (event.type === "text" || event.type === "reasoning") && last?.type === event.type;
    if (continuesLast) this.#events[this.#events.length - 1] = { type: event.type, text: last.text + event.text };
    else this.#events.push(event);
  }
}

/** Returns the items of a list. Some servers send an object where a list with one item is due. */
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : isRecord(value) ? [value] : []);

/** Returns a text, or the joined text of a list of parts. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  return value.map((part) => (typeof part?.text === "string" ? part.text : "")).join("");
}
