import { AnswerLimits } from "#models/answer-limits.ts";
import { ModelFailure, malformed } from "#models/failures/model-failure.ts";
import { toReportedError } from "#models/failures/to-answer-error.ts";
import type { ModelEvent, ModelUsage } from "#models/language-model.ts";
import { ReasoningCollector } from "#models/openai-chat/reasoning-collector.ts";
import { toChatFinish } from "#models/openai-chat/to-chat-finish.ts";
import { toChatUsage } from "#models/openai-chat/to-chat-usage.ts";
import { ToolCallCollector, type ToolCallDelta } from "#models/openai-chat/tool-call-collector.ts";
import { isEndMark } from "#models/sse-parser.ts";

/** The parts of an answer that we read. Servers send more, less and other things, so every field is doubted. */
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

/** Turns the events of one answer in the OpenAI chat format, or the answer as a whole, into ours. */
export class ChatDecoder {
  readonly #limits = new AnswerLimits();
  readonly #calls = new ToolCallCollector(this.#limits);
  readonly #reasoning = new ReasoningCollector(this.#limits);
  #events: ModelEvent[] = [];
  #finishReason: string | undefined;
  #usage: ModelUsage | undefined;
  #isDone = false;
  #hasGoneOn = false;

  /** Whether the server said that nothing more comes. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Whether the model is said to have stopped; usage may still come. */
  get hasFinished(): boolean {
    return this.#finishReason !== undefined;
  }

  /** Whether it went on after that: some servers say with every event that the model stops. */
  get hasGoneOn(): boolean {
    return this.#hasGoneOn;
  }

  get usage(): ModelUsage | undefined {
    return this.#usage;
  }

  /** The events since the last call. */
  take(): readonly ModelEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** The data of one event; false when it is no JSON. Throws what it reports and what breaks the limits. */
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

  /** An event, or a whole answer. */
  decodeValue(value: unknown): void {
    if (value === null || typeof value !== "object") throw malformed("an event of the stream is no object");
    const chunk: ChatChunk = value;
    // Safe: a field of an object whose other fields are doubted as well.
    const choice = (Array.isArray(chunk.choices) ? chunk.choices[0] : undefined) as ChatChoice | null | undefined;
    const usage = chunk.usage ?? chunk.x_groq?.usage ?? choice?.usage;
    if (usage) this.#usage = toChatUsage(usage);
    // MiniMax reports beside the answer; a code of zero is success.
    const reported = chunk.error || (chunk.base_resp?.status_code && chunk.base_resp);
    if (reported) throw new ModelFailure(toReportedError(reported));
    if (choice === null || typeof choice !== "object") return;
    const delta = choice.delta ?? choice.message;
    if (delta !== null && typeof delta === "object") this.#takeDelta(delta);
    if (typeof choice.finish_reason === "string" && choice.finish_reason !== "") {
      this.#finishReason = choice.finish_reason;
    }
  }

  /** The answer is over. Throws unless it is whole. */
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

  /** Mistral's content comes in parts: https://docs.mistral.ai/capabilities/reasoning. */
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

  /** Text that came in one piece of the network is handed on in one: each event costs every layer above a turn. */
  #show(event: ModelEvent): void {
    if (this.#finishReason !== undefined) this.#hasGoneOn = true;
    const last = this.#events.at(-1);
    if (event.type === "progress" && last?.type === "progress") return;
    const isMore = (event.type === "text" || event.type === "reasoning") && last?.type === event.type;
    if (isMore) this.#events[this.#events.length - 1] = { type: event.type, text: last.text + event.text };
    else this.#events.push(event);
  }
}

/** Text, or a list of parts that hold text. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  return value.map((part) => (typeof part?.text === "string" ? part.text : "")).join("");
}
