import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";

/** A stretch of a text. Lines count from 1, and the last one is included. */
export interface TextChunk {
  readonly text: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** The sizes of chunks in characters. Those of `LIMITS` where one is undefined. */
export interface ChunkSizes {
  readonly maxChars?: number | undefined;
  /** What a chunk repeats of the one before it. */
  readonly overlapChars?: number | undefined;
}

/** Long lines are cut into pieces of at least this length, where half a chunk allows it. */
const MIN_PIECE_CHARS = 200;

/** A line, or a piece of a long one. */
interface Piece {
  readonly text: string;
  readonly line: number;
  /** Whether a line break stands before it. */
  readonly isNewLine: boolean;
}

/**
 * Splits a text into chunks of at most `maxChars` characters. A chunk that is at least half full ends at an empty line.
 * Elsewhere, the next chunk repeats up to `overlapChars` characters of its end.
 */
export function chunkText(
  text: string,
  { maxChars = LIMITS.memoryChunkChars, overlapChars = LIMITS.memoryOverlapChars }: ChunkSizes = {},
): readonly TextChunk[] {
  const pieceChars = Math.min(Math.max(overlapChars, MIN_PIECE_CHARS), maxChars / 2);
  const chunks: TextChunk[] = [];
  let pieces: Piece[] = [];
  let size = 0;
  const close = (rest: Piece[]) => {
    const chunk = toChunk(pieces);
    if (chunk.text !== "") chunks.push(chunk);
    pieces = rest;
    size = rest.reduce((sum, piece) => sum + sizeOf(piece), 0);
  };
  for (const piece of splitLines(text, pieceChars)) {
    const isEmpty = piece.text.trim() === "";
    if (size + sizeOf(piece) > maxChars) close(isEmpty ? [] : endOf(pieces, overlapChars));
    if (isEmpty && pieces.length === 0) continue;
    pieces.push(piece);
    size += sizeOf(piece);
    if (isEmpty && size >= maxChars / 2) close([]);
  }
  close([]);
  return chunks;
}

/** Yields the pieces one by one, because a text may consist of nothing but line ends. */
function* splitLines(text: string, pieceChars: number): Generator<Piece> {
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.length <= pieceChars) yield { text: line, line: index + 1, isNewLine: true };
    else yield* splitLine(line, pieceChars).map((part, at) => ({ text: part, line: index + 1, isNewLine: at === 0 }));
  }
}

/** Cuts a long line into pieces that fit into an overlap, at spaces if there are any. */
function splitLine(line: string, pieceChars: number): readonly string[] {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > pieceChars) {
    const head = headOf(rest, pieceChars);
    const space = head.lastIndexOf(" ") + 1;
    const part = space > 0 ? head.slice(0, space) : head;
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return rest === "" && parts.length > 0 ? parts : [...parts, rest];
}

const sizeOf = ({ text }: Piece): number => text.length + 1;

/** Returns the last pieces that fit into an overlap. */
function endOf(pieces: readonly Piece[], overlapChars: number): Piece[] {
  let room = overlapChars === 0 ? 0 : overlapChars + 1;
  const start = pieces.findLastIndex((piece) => {
    room -= sizeOf(piece);
    return room < 0;
  });
  return pieces.slice(start + 1);
}

function toChunk(pieces: readonly Piece[]): TextChunk {
  const shown = trimEmpty(pieces);
  const text = shown.map((piece, index) => (piece.isNewLine && index > 0 ? "\n" : "") + piece.text).join("");
  return { text, startLine: shown[0]?.line ?? 1, endLine: shown.at(-1)?.line ?? 1 };
}

function trimEmpty(pieces: readonly Piece[]): readonly Piece[] {
  const isFull = ({ text }: Piece) => text.trim() !== "";
  return pieces.slice(Math.max(0, pieces.findIndex(isFull)), pieces.findLastIndex(isFull) + 1);
}
