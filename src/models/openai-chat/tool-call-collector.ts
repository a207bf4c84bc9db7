import { randomHex } from "#base/ids.ts";
import type { JsonObject } from "#base/json.ts";
import type { AnswerLimits } from "#models/answer-limits.ts";
import { noArguments } from "#models/call-arguments.ts";
import { malformed } from "#models/failures/model-failure.ts";
import type { ModelEvent } from "#models/language-model.ts";
import { ADAPTER } from "#models/openai-chat/to-chat-messages.ts";
import { toKeptJson } from "#models/openai-chat/to-kept-json.ts";

/** A tool call or a piece of it, as received. No field's type is trusted. */
export interface ToolCallDelta {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown } | null;
  readonly extra_content?: unknown;
}

interface OpenCall {
  id: string;
  name: string;
  readonly pieces: string[];
  extraContent: JsonObject | undefined;
}

type ToolCallEvent = Extract<ModelEvent, { type: "tool_call" }>;

/** Assembles tool calls from their pieces. */
export class ToolCallCollector {
  readonly #limits: AnswerLimits;
  readonly #calls: OpenCall[] = [];
  readonly #byIndex = new Map<number, OpenCall>();

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  add(delta: ToolCallDelta): void {
    const id = textOf(delta.id);
    const name = textOf(delta.function?.name);
    const call = this.#find(delta.index, id, name) ?? this.#begin(delta.index);
    if (call.id === "") call.id = this.#counted(id);
    if (call.name === "") call.name = this.#counted(name);
    call.extraContent ??= this.#toKept(delta.extra_content);
    const piece = this.#counted(toArgumentText(delta.function?.arguments));
    if (piece !== "") call.pieces.push(piece);
  }

  /**
   * Returns the finished calls in the order in which they began. `isCut` means that the last call may be incomplete.
   */
  finish(isCut: boolean): readonly ToolCallEvent[] {
    const ids = new Set<string>();
    return this.#calls.map(({ id, name, pieces, extraContent }, index) => {
      if (name === "") throw malformed("a tool call has no name");
      const uniqueId = id === "" || ids.has(id) ? `call_${randomHex(12)}` : id;
      ids.add(uniqueId);
      return {
        type: "tool_call",
        id: uniqueId,
        name,
        arguments: pieces.join("") || noArguments(isCut && index === this.#calls.length - 1),
        ...(extraContent && { metadata: { [ADAPTER]: { extra_content: extraContent } } }),
      };
    });
  }

  #counted(text: string): string {
    this.#limits.addText(text);
    return text;
  }

  #toKept(value: unknown): JsonObject | undefined {
    const kept = toKeptJson(value);
    if (kept) this.#limits.addText(JSON.stringify(kept));
    return kept;
  }

  /** Returns the call that a piece belongs to, or undefined if the piece begins a new call. */
  #find(index: unknown, id: string, name: string): OpenCall | undefined {
    const call = isIndex(index) ? this.#byIndex.get(index) : this.#findWithoutIndex(id, name);
    // Some servers give every call index 0. A different id with a name then begins another call.
    const isAnother = call !== undefined && id !== "" && name !== "" && call.id !== "" && call.id !== id;
    return isAnother ? undefined : call;
  }

  #findWithoutIndex(id: string, name: string): OpenCall | undefined {
    if (id !== "") {
      const known = this.#calls.findLast((call) => call.id === id);
      if (known !== undefined) return known;
    }
    const last = this.#calls.at(-1);
    const beginsAnother = name !== "" && last !== undefined && last.name !== "";
    return beginsAnother ? undefined : last;
  }

  #begin(index: unknown): OpenCall {
    this.#limits.addToolCall();
    const call: OpenCall = { id: "", name: "", pieces: [], extraContent: undefined };
    this.#calls.push(call);
    if (isIndex(index)) this.#byIndex.set(index, call);
    return call;
  }
}

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Converts arguments into text. Some servers send them as an object. */
function toArgumentText(value: unknown): string {
  if (typeof value === "string") return value;
  return value !== null && typeof value === "object" ? JSON.stringify(value) : "";
}
