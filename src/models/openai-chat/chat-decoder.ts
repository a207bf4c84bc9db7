import { AnswerLimits } from "#models/answer-limits.ts";
import { ModelFailure, malformed } from "#models/failures/model-failure.ts";
import { toReportedError } from "#models/failures/to-answer-error.ts";
import type { ModelEvent, ModelUsage } from "#models/language-model.ts";
import { ReasoningCollector } from "#models/openai-chat/reasoning-collector.ts";
import { toChatFinish } from "#models/openai-chat/to-chat-finish.ts";
import { toChatUsage } from "#models/openai-chat/to-chat-usage.ts";
import { ToolCallCollector, type ToolCallDelta } from "#models/openai-chat/tool-call-collector.ts";
import { isEndMark } from "#models/sse-parser.ts";

/** The fields of an answer that we read. Servers deviate from the format, so no field's type is trusted. */
interface ChatChunk {
  readonly choices?: unknown;
  readonly usage?: unknown;
  readonly error?: unknown;
  readonly x_groq?: { readonly usage?: unknown } | null;
  readonly base_resp?: { readonly status_code?: unknown } | null;
}
interface ChatChoice {
  readonly delta?: ChatDelta | null;
  readonly message?: ChatDelta | null;
  readonly finish_reason?: unknown;
  readonly usage?: unknown;
}
interface ChatDelta {
  readonly content?: unknown;
  readonly refusal?: unknown;
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly reasoning_details?: unknown;
  readonly tool_calls?: unknown;
}

/** Converts an answer in the OpenAI chat format, streamed or as one document, into our events. */
export class ChatDecoder {
  readonly #limits = new AnswerLimits();
  readonly #calls = new ToolCallCollector(this.#limits);
  readonly #reasoning = new ReasoningCollector(this.#limits);
  #events: ModelEvent[] = [];
  #finishReason: string | undefined;
  #usage: ModelUsage | undefined;
  #isDone = false;
  #hasContinued = false;

  /** Whether the server sent its end mark. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Whether a finish reason arrived. Usage may still follow. */
  get hasFinished(): boolean {
    return this.#finishReason !== undefined;
  }

  /** Whether content arrived after a finish reason. Some servers send a finish reason with every event. */
  get hasContinued(): boolean {
    return this.#hasContinued;
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

  /** Decodes one event, or a complete answer. */
  decodeValue(value: unknown): void {
    if (value === null || typeof value !== "object") throw malformed("an event of the stream is no object");
    const chunk: ChatChunk = value;
    // Safe: the fields of the choice are checked before use.
    const choice = (Array.isArray(chunk.choices) ? chunk.choices[0] : undefined) as ChatChoice | null | undefined;
    const usage = chunk.usage ?? chunk.x_groq?.usage ?? choice?.usage;
    if (usage) this.#usage = toChatUsage(usage);
    // MiniMax reports errors in `base_resp`; a status code of zero is success.
    const reported = chunk.error || (chunk.base_resp?.status_code && chunk.base_resp);
    if (reported) throw new ModelFailure(toReportedError(reported));
    if (choice === null || typeof choice !== "object") return;
    const delta = choice.delta ?? choice.message;
    if (delta !== null && typeof delta === "object") this.#takeDelta(delta);
    if (typeof choice.finish_reason === "string" && choice.finish_reason !== "") {
      this.#finishReason = choice.finish_reason;
    }
  }

  /** Ends the answer. Throws `ModelFailure` if it is incomplete. */
  end(): void {
    if (this.#finishReason === undefined) throw malformed("the answer ended without saying why");
    const calls = this.#calls.finish(toChatFinish(this.#finishReason) === "length");
    const finish = calls.length > 0 ? "tool_calls" : toChatFinish(this.#finishReason);
    this.#events.push(...this.#reasoning.end(), ...calls, { type: "finish", finish, usage: this.#usage });
  }

  #takeDelta(delta: ChatDelta): void {
    const { content, reasoning_content, reasoning, reasoning_details, tool_calls, refusal } = delta;
    if (reasoning_content || reasoning || reasoning_details) {
      const text = reasoning_content || reasoning;
      this.#showAll(this.#reasoning.add(typeof text === "string" ? text : "", reasoning_details));
    }
    if (typeof content === "string") this.#addText(content);
    else if (Array.isArray(content)) for (const part of content) this.#addPart(part);
    if (typeof refusal === "string") this.#addText(refusal);
    if (Array.isArray(tool_calls)) for (const call of tool_calls) this.#addCall(call);
  }

  #addText(text: string): void {
    if (text === "") return;
    this.#limits.addText(text);
    this.#endReasoning();
    this.#show({ type: "text", text });
  }

  /** Adds one part of Mistral's content lists: https://docs.mistral.ai/capabilities/reasoning. */
  #addPart(part: unknown): void {
    if (part === null || typeof part !== "object") return;
    const { type, text, thinking } = part as Readonly<Record<string, unknown>>;
    if (type === "thinking") this.#showAll(this.#reasoning.add(textOf(thinking), undefined));
    else if (typeof text === "string") this.#addText(text);
  }

  #addCall(call: unknown): void {
    if (call === null || typeof call !== "object") return;
    this.#endReasoning();
    this.#calls.add(call as ToolCallDelta);
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
    if (this.#finishReason !== undefined) this.#hasContinued = true;
    const last = this.#events.at(-1);
    if (event.type === "progress" && last?.type === "progress") return;
    const continuesLast = (event.type === "text" || event.type === "reasoning") && last?.type === event.type;
    if (continuesLast) this.#events[this.#events.length - 1] = { type: event.type, text: last.text + event.text };
    else this.#events.push(event);
  }
}

/** Returns a text, or the joined text of a list of parts. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  return value.map((part) => (typeof part?.text === "string" ? part.text : "")).join("");
}
