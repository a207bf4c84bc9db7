import { setImmediate } from "node:timers/promises";

/** A piece of a text, and what it looks like. Pieces begin where no character composes with the one before. */
interface Piece {
  readonly text: string;
  readonly look: string;
}

/** In characters. Other work gets its turn between two pieces. */
const PIECE_LENGTH = 32_768;

/** ASCII characters compose with nothing before them. A line feed belongs to the carriage return before it. */
const PIECE_END = /[^\n\u0080-\uffff]|(?<!\r)\n/g;

/** A character with what may compose with it: combining marks, and the vowels and finals of Hangul. */
const LETTER = /\r\n|[\s\S][\p{M}\u1161-\u11ff]*/gu;

/** Converts text to a form that is equal for texts that look the same: NFC, with `\n` as line end. */
const toLook = (text: string): string => text.replaceAll("\r\n", "\n").normalize("NFC");

/**
 * Finds the stretches of `text` that look like `wanted`, although their characters or line ends may be encoded
 * differently. Returns their beginnings and ends, alternately, as offsets in `text`. Stretches do not overlap, and none
 * begins or ends within a letter.
 */
export async function findAlike(text: string, wanted: string): Promise<readonly number[]> {
  const pieces: Piece[] = [];
  for await (const piece of cut(text)) pieces.push({ text: piece, look: toLook(piece) });
  const look = pieces.map((piece) => piece.look).join("");
  const part = toLook(wanted);
  const bounds: number[] = [];
  for (let at = look.indexOf(part); at !== -1; at = look.indexOf(part, at + part.length)) {
    bounds.push(at, at + part.length);
  }
  if (bounds.length === 0 || look === text) return bounds;
  const offsets = await toOffsets(pieces, bounds);
  // The ends of a stretch have neighbouring indexes, the first of them even.
  return offsets.filter((_, index) => offsets[index] !== WITHIN_LETTER && offsets[index ^ 1] !== WITHIN_LETTER);
}

async function* cut(text: string): AsyncGenerator<string> {
  const end = new RegExp(PIECE_END);
  for (let from = 0; from < text.length; await setImmediate()) {
    end.lastIndex = from + PIECE_LENGTH;
    const to = end.exec(text)?.index ?? text.length;
    yield text.slice(from, to);
    from = to;
  }
}

const WITHIN_LETTER = -1;

/** Converts ascending offsets in what a text looks like to offsets in the text. */
async function toOffsets(pieces: readonly Piece[], bounds: readonly number[]): Promise<readonly number[]> {
  const offsets: number[] = [];
  const next = () => bounds[offsets.length] ?? Number.POSITIVE_INFINITY;
  /** Notes the offset of the letter that begins here. A bound before it lies within the letter before. */
  const begin = (seen: number, offset: number) => {
    while (next() <= seen) offsets.push(next() === seen ? offset : WITHIN_LETTER);
  };
  let seen = 0;
  let offset = 0;
  for (const { text, look } of pieces) {
    if (next() >= seen + look.length) {
      seen += look.length;
      offset += text.length;
      continue;
    }
    for (const [letter] of text.matchAll(LETTER)) {
      begin(seen, offset);
      seen += toLook(letter).length;
      offset += letter.length;
    }
    await setImmediate();
  }
  begin(seen, offset);
  return offsets;
}
