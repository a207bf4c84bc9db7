import type { JsonObject } from "#base/json.ts";
import type { AnswerLimits } from "#models/answer-limits.ts";
import type { ModelEvent } from "#models/language-model.ts";
import { ADAPTER } from "#models/openai-chat/to-chat-messages.ts";
import { toKeptJson } from "#models/openai-chat/to-kept-json.ts";

/** Collects blocks of reasoning, with the details that some providers need back in later requests. */
export class ReasoningCollector {
  readonly #limits: AnswerLimits;
  #isOpen = false;
  #details: JsonObject[] = [];

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
  }

  /** Whether a block is open. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Adds a piece of reasoning. The text of the details is used only if `text` is empty. */
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

  /** Ends the open block, if any. */
  end(): readonly ModelEvent[] {
    if (!this.#isOpen) return [];
    const details = this.#details;
    this.#isOpen = false;
    this.#details = [];
    if (details.length === 0) return [{ type: "reasoning_end" }];
    return [{ type: "reasoning_end", metadata: { [ADAPTER]: { reasoning_details: details } } }];
  }

  /** Stores a detail. Consecutive pieces of the same text or summary are joined into one detail. */
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

/**
 * The fields that a later piece may update besides its text. All others are ignored, so that a block's size stays
 * bounded.
 */
const REPEATED = ["id", "format", "signature"] as const;

const isTextual = ({ type }: JsonObject) => type === "reasoning.text" || type === "reasoning.summary";
const textOf = ({ text, summary }: JsonObject) => stringOf(text) + stringOf(summary);
const stringOf = (value: unknown): string => (typeof value === "string" ? value : "");
