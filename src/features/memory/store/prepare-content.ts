import { createHash } from "node:crypto";
import { basename, extname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { toIndexWords } from "#features/memory/search/to-words.ts";
import { type ChunkSizes, chunkText, type TextChunk } from "#features/memory/store/chunk-text.ts";

/** How many chunks are prepared before other work gets its turn. */
const CHUNKS_AT_ONCE = 20;

export interface PreparedChunk extends TextChunk {
  readonly words: string;
}

/** A document that is ready to be stored. */
export interface PreparedContent {
  readonly content: string;
  readonly hash: string;
  readonly chunks: readonly PreparedChunk[];
}

/** Splits a document and computes what the index needs. The name of its file is found with each of its chunks. */
export async function prepareContent(path: string, text: string, sizes: ChunkSizes): Promise<PreparedContent> {
  const content = toStored(text);
  const name = basename(path, extname(path));
  const chunks: PreparedChunk[] = [];
  for (const [index, chunk] of chunkText(content, sizes).entries()) {
    if (index % CHUNKS_AT_ONCE === CHUNKS_AT_ONCE - 1) await setImmediate();
    chunks.push({ ...chunk, words: toIndexWords(`${name}\n${chunk.text}`) });
  }
  return { content, hash: toHash(content), chunks };
}

/** Returns the hash that a stored text has. */
export const hashOf = (text: string): string => toHash(toStored(text));

/** Removes what the databases cannot store. */
const toStored = (text: string): string => text.toWellFormed().replaceAll("\0", "");

const toHash = (content: string): string => createHash("sha256").update(content).digest("hex");
