import { ownValue } from "#base/json.ts";
import type { Piece, Word } from "#features/custom-tools/command/split-command.ts";
import { ToolError } from "#runtime/tools/index.ts";

export interface Arguments {
  readonly values: Readonly<Record<string, unknown>>;
  /** The parameters that a call may leave out. They are then empty. */
  readonly optional: ReadonlySet<string>;
}

/**
 * Fills the values of a call into the words of a command. Neither adds nor splits a word, whatever the values. Throws
 * `ToolError` for a missing value, and for one with a NUL character, which no program can receive.
 */
export const renderCommand = (words: readonly Word[], given: Arguments): readonly string[] =>
  words.map((word) => word.map((piece) => toText(piece, given)).join(""));

function toText(piece: Piece, { values, optional }: Arguments): string {
  if ("text" in piece) return piece.text;
  const value = ownValue(values, piece.parameter) ?? undefined;
  if (value === undefined) {
    if (optional.has(piece.parameter)) return "";
    throw new ToolError(`missing parameter: ${piece.parameter}`);
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.includes("\0")) throw new ToolError(`the parameter ${piece.parameter} has a NUL character`);
  return text;
}
