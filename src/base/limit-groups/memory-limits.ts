import { SECOND } from "#base/clock.ts";

/** The limits of what agents remember. A part of `LIMITS`. Times are in milliseconds. */
export const MEMORY_LIMITS = {
  memoryContentChars: 200_000,
  memoryPathChars: 500,
  /** Maximum number of documents in a list without pages. */
  memoryDocumentsMax: 1_000,
  memoryChunkChars: 1_000,
  /** The range of what an agent may set instead. */
  memoryChunkCharsMin: 100,
  memoryChunkCharsMax: 4_000,
  /** What a chunk repeats of the one before it. */
  memoryOverlapChars: 200,
  memoryQueryChars: 1_000,
  memoryQueryWords: 32,
  /** The most chunks that one search compares. */
  memoryCandidates: 500,
  /** How many chunks a search takes for their meaning. */
  memoryNearest: 256,
  /** For how many of the chunks that it found by words a search compares meanings. */
  memoryFoundCompared: 64,
  /** What one summary adds to the memory. */
  memoryNotesChars: 4_000,
  /** How long a search waits for the vector of its query. */
  memoryQueryVectorWait: 2 * SECOND,
  /** How long searches do without vectors after a provider has failed. */
  memoryVectorPause: 30 * SECOND,
  /** Chunks whose vectors one call of a provider computes. */
  memoryVectorBatch: 64,
  /** Timeout of one such call. */
  memoryBatchVectorWait: 60 * SECOND,
  memoryResults: 6,
  memoryResultsMax: 50,
  /** What a prompt shows of MEMORY.md. */
  memoryPromptChars: 4_000,
} as const;
