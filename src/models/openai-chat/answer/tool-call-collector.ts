import type { JsonObject } from "#base/json.ts";
import { randomHex } from "#base/random-hex.ts";
import type { AnswerLimits } from "#models/answer-limits.ts";
import { malformed } from "#models/failures/model-failure.ts";
import { JsonScanner } from "#models/json-scanner.ts";
import type { ModelEvent } from "#models/language-model.ts";
import { readCallPiece } from "#models/openai-chat/answer/read-call-piece.ts";
import { ADAPTER } from "#models/openai-chat/to-chat-messages.ts";
import { toKeptJson } from "#models/openai-chat/to-kept-json.ts";
import { toWholeArguments } from "#models/whole-arguments.ts";

interface OpenCall {
  readonly index: number | undefined;
  id: string;
  name: string;
  readonly pieces: string[];
  readonly scanner: JsonScanner;
  /** Whether a piece was taken for a part of this call although its marks say otherwise. */
  isGuessed: boolean;
  extraContent: JsonObject | undefined;
}

type ToolCallEvent = Extract<ModelEvent, { type: "tool_call" }>;
type CallPiece = ReturnType<typeof readCallPiece>;

/** Assembles tool calls from their pieces. Servers mark the pieces of a call in many ways, or hardly at all. */
export class ToolCallCollector {
  readonly #limits: AnswerLimits;
  readonly #offered: ReadonlySet<string>;
  readonly #calls: OpenCall[] = [];
  readonly #byIndex = new Map<number, OpenCall>();

  /** `offered` are the names of the tools that the model may call. They tell a piece of a name from a whole one. */
  constructor(limits: AnswerLimits, offered: ReadonlySet<string>) {
    this.#limits = limits;
    this.#offered = offered;
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  /** Adds a call or a piece of one, as received. */
  add(received: object): void {
    const piece = readCallPiece(received);
    const call = this.#find(piece) ?? this.#begin(piece);
    call.isGuessed ||= isOther(call, piece);
    if (call.id === "") call.id = this.#counted(piece.id);
    call.name = this.#counted(this.#joinNames(call.name, piece.name));
    call.extraContent ??= this.#toKept(piece.extraContent);
    if (piece.arguments === "") return;
    call.pieces.push(this.#counted(piece.arguments));
    call.scanner.push(piece.arguments);
  }

  /**
   * Returns the finished calls in the order in which they began. `isCut` means that the last call may be incomplete.
   * Throws `ModelFailure` if the pieces of a call do not fit together.
   */
  finish(isCut: boolean): readonly ToolCallEvent[] {
    const ids = new Set<string>();
    return this.#calls.map(({ id, name, pieces, isGuessed, extraContent }, index) => {
      if (name === "") throw malformed("a tool call has no name");
      const uniqueId = id === "" || ids.has(id) ? `call_${randomHex(12)}` : id;
      ids.add(uniqueId);
      return {
        type: "tool_call",
        id: uniqueId,
        name,
        arguments: toWholeArguments(pieces, { isCut: isCut && index === this.#calls.length - 1, isGuessed }),
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
  #find(piece: CallPiece): OpenCall | undefined {
    const byIndex = piece.index === undefined ? undefined : this.#byIndex.get(piece.index);
    const byId = piece.id === "" ? undefined : this.#calls.findLast(({ id }) => id === piece.id);
    const call = byIndex ?? byId ?? this.#calls.at(-1);
    return call && this.#beginsAnother(call, piece) ? undefined : call;
  }

  /** Returns whether a piece that may belong to `call` begins another call instead. */
  #beginsAnother(call: OpenCall, piece: CallPiece): boolean {
    if (piece.name === "" || call.name === "") return false;
    if (piece.name !== call.name) {
      return isOther(call, piece) || call.pieces.length > 0 || !this.#mayBeRest(call.name, piece.name);
    }
    // The same name again: some servers repeat it with every piece. Torn arguments need the next piece.
    if (call.scanner.isTorn) return false;
    const bringsMore = piece.arguments !== "" && piece.arguments !== call.pieces.join("");
    return isOther(call, piece) ? !isSameId(call, piece) || bringsMore : call.scanner.isWhole && bringsMore;
  }

  /** Returns whether a name that follows another is the rest of it. */
  #mayBeRest(name: string, rest: string): boolean {
    return !this.#offered.has(name) || this.#offered.has(name + rest);
  }

  #joinNames(name: string, next: string): string {
    if (next === "" || next === name || this.#offered.has(name)) return name;
    return next.startsWith(name) ? next : name + next;
  }

  #begin({ index }: CallPiece): OpenCall {
    this.#limits.addToolCall();
    const call = {
      index,
      id: "",
      name: "",
      pieces: [],
      scanner: new JsonScanner(),
      isGuessed: false,
      extraContent: undefined,
    };
    this.#calls.push(call);
    if (index !== undefined) this.#byIndex.set(index, call);
    return call;
  }
}

/** Returns whether the marks of a piece are those of another call. */
function isOther(call: OpenCall, { index, id }: CallPiece): boolean {
  const isOtherIndex = index !== undefined && call.index !== undefined && index !== call.index;
  return isOtherIndex || (id !== "" && call.id !== "" && id !== call.id);
}

const isSameId = (call: OpenCall, piece: CallPiece): boolean => piece.id !== "" && piece.id === call.id;
