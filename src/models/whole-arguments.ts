import { isJsonText } from "#base/json.ts";
import { noArguments } from "#models/call-arguments.ts";
import { ModelFailure } from "#models/failures/model-failure.ts";
import { JsonScanner } from "#models/json-scanner.ts";

export interface ArgumentPieces {
  /** Whether the answer was cut at this call, so its arguments may be incomplete. */
  readonly isCut: boolean;
  /** Whether it is uncertain that all pieces belong to this call. */
  readonly isGuessed: boolean;
}

/**
 * Puts the pieces of a call's arguments together. Servers repeat them, send an empty object first, or send all of them
 * where a piece was due. Arguments that the model itself wrote badly stay as they are. Throws `ModelFailure` if pieces
 * of several values came together, or pieces of uncertain origin do not make a whole.
 */
export function toWholeArguments(pieces: readonly string[], { isCut, isGuessed }: ArgumentPieces): string {
  const joined = pieces.join("");
  if (joined.trim() === "") return noArguments(isCut);
  if (isJsonText(joined)) return joined;
  const repeated = findRepeated(pieces) ?? findOnlyValue(joined);
  if (repeated !== undefined) return repeated;
  if (isCut || (splitValues(joined).length < 2 && !isGuessed)) return joined;
  throw new ModelFailure({ kind: "unusable", message: "the pieces of a tool call do not fit together" });
}

/** Returns the last piece if it is whole, and all pieces before it are its beginnings or together are its beginning. */
function findRepeated(pieces: readonly string[]): string | undefined {
  const whole = pieces.at(-1) ?? "";
  const before = pieces.slice(0, -1);
  const isBeginning = before.every((piece) => whole.startsWith(piece)) || whole.startsWith(before.join(""));
  return before.length > 0 && isBeginning && isJsonText(whole) ? whole : undefined;
}

/** Returns the one value of a text that repeats it or stands beside empty objects. */
function findOnlyValue(text: string): string | undefined {
  const values = splitValues(text).filter((value) => value !== "{}");
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) && isJsonText(first) ? first : undefined;
}

/** Returns the values that stand one after the other in a text. The last may be torn. */
function splitValues(text: string): readonly string[] {
  const values: string[] = [];
  let scanner = new JsonScanner();
  let start = 0;
  for (let end = 1; end <= text.length; end++) {
    scanner.push(text.slice(end - 1, end));
    if (!scanner.isWhole && end < text.length) continue;
    values.push(text.slice(start, end).trim());
    scanner = new JsonScanner();
    start = end;
  }
  return values.filter((value) => value !== "");
}
