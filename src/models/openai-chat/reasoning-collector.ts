import type { JsonObject } from "#base/json.ts";
import type { AnswerLimits } from "#models/answer-limits.ts";
import type { ModelEvent } from "#models/language-model.ts";
import { ADAPTER } from "#models/openai-chat/to-chat-messages.ts";
import { toKeptJson } from "#models/openai-chat/to-kept-json.ts";

/** Gathers blocks of reasoning, with the details that some providers want to see again. */
export class ReasoningCollector {
  readonly #limits: AnswerLimits;
  #isOpen = false;
  #details: JsonObject[] = [];

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
  }

  /** Whether a block has begun and not ended. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A piece of reasoning. The text of the details counts only where there is no other. */
  add(text: string, details: unknown): readonly ModelEvent[] {
    const kept = Array.isArray(details) ? details.map(toKeptJson).filter((detail) => detail !== undefined) : [];
    const piece = text === "" ? kept.map(textOf).join("") : text;
    for (const detail of kept) this.#keep(detail);
    if (piece === "" && kept.length === 0) return [];

    this.#limits.addText(piece);
    const opens = !this.#isOpen;
    this.#isOpen = true;
    return [piece === "" && !opens ? { type: "progress" } : { type: "reasoning", text: piece }];
  }

  /** Ends the open block, if there is one. */
  end(): readonly ModelEvent[] {
    if (!this.#isOpen) return [];
    const details = this.#details;
    this.#isOpen = false;
    this.#details = [];
    if (details.length === 0) return [{ type: "reasoning_end" }];
    return [{ type: "reasoning_end", metadata: { [ADAPTER]: { reasoning_details: details } } }];
  }

  /** Text comes in pieces, of which each repeats what it belongs to. */
  #keep(detail: JsonObject): void {
    const last = this.#details.at(-1);
    if (last === undefined || last.type !== detail.type || last.index !== detail.index || !isTextual(detail)) {
      this.#limits.addText(JSON.stringify(detail));
      this.#details.push(detail);
      return;
    }
    this.#limits.addText(textOf(detail) + stringOf(detail.signature));
    const field = detail.summary === undefined ? "text" : "summary";
    const repeated = REPEATED.flatMap((name) => (detail[name] == null ? [] : [[name, detail[name]] as const]));
    const joined = { [field]: stringOf(last[field]) + stringOf(detail[field]) };
    this.#details[this.#details.length - 1] = { ...last, ...Object.fromEntries(repeated), ...joined };
  }
}

/** What a later piece may say beside its text; nothing else is taken from one, so that a block stays bounded. */
const REPEATED = ["id", "format", "signature"] as const;

const isTextual = ({ type }: JsonObject) => type === "reasoning.text" || type === "reasoning.summary";
const textOf = ({ text, summary }: JsonObject) => stringOf(text) + stringOf(summary);
const stringOf = (value: unknown): string => (typeof value === "string" ? value : "");
