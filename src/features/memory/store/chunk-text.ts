import { headOf } from "#base/cut-text.ts";
import { LIMITS } from "#base/limits.ts";

/** A stretch of a text. Lines count from 1, and the last one is included. */
export interface TextChunk {
  readonly text: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** A line, or a piece of a long one. */
interface Piece {
  readonly text: string;
  readonly line: number;
  /** Whether a line break stands before it. */
  readonly isNewLine: boolean;
}

/**
 * Splits a text into chunks of at most `LIMITS.memoryChunkChars` characters. A chunk that is at least half full ends at
 * an empty line. Elsewhere, the next chunk repeats up to `LIMITS.memoryOverlapChars` characters of its end.
 */
export function chunkText(text: string): readonly TextChunk[] {
  const chunks: TextChunk[] = [];
  let pieces: Piece[] = [];
  let size = 0;
  const close = (rest: Piece[]) => {
    const chunk = toChunk(pieces);
    if (chunk.text !== "") chunks.push(chunk);
    pieces = rest;
    size = rest.reduce((sum, piece) => sum + sizeOf(piece), 0);
  };
  for (const piece of splitLines(text)) {
    const isEmpty = piece.text.trim() === "";
    if (size + sizeOf(piece) > LIMITS.memoryChunkChars) close(isEmpty ? [] : endOf(pieces));
    if (isEmpty && pieces.length === 0) continue;
    pieces.push(piece);
    size += sizeOf(piece);
    if (isEmpty && size >= LIMITS.memoryChunkChars / 2) close([]);
  }
  close([]);
  return chunks;
}

/** Yields the pieces one by one, because a text may consist of nothing but line ends. */
function* splitLines(text: string): Generator<Piece> {
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.length <= LIMITS.memoryOverlapChars) yield { text: line, line: index + 1, isNewLine: true };
    else yield* splitLine(line).map((part, at) => ({ text: part, line: index + 1, isNewLine: at === 0 }));
  }
}

/** Cuts a long line into pieces that fit into an overlap, at spaces if there are any. */
function splitLine(line: string): readonly string[] {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > LIMITS.memoryOverlapChars) {
    const head = headOf(rest, LIMITS.memoryOverlapChars);
    const space = head.lastIndexOf(" ") + 1;
    const part = space > 0 ? head.slice(0, space) : head;
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return rest === "" && parts.length > 0 ? parts : [...parts, rest];
}

const sizeOf = ({ text }: Piece): number => text.length + 1;

/** Returns the last pieces that fit into an overlap. */
function endOf(pieces: readonly Piece[]): Piece[] {
  let room: number = LIMITS.memoryOverlapChars + 1;
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
