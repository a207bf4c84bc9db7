import { LIMITS } from "#base/limits.ts";
import type { FoundChunk } from "#db/memory/text-search.ts";
import { toSigns } from "#db/memory/to-signs.ts";
import { findNearest } from "#db/memory/vector-search.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import type { MemoryView } from "#features/memory/store/scopes-of.ts";
import type { QueryMeaning } from "#features/memory/vectors/memory-vectors.ts";
import { readWithVectors } from "#features/memory/vectors/read-vectors.ts";
import { similarityOf } from "#features/memory/vectors/to-unit-vector.ts";

/** A chunk without a word of the query has to be at least this much like it. */
const LEAST_SIMILARITY = 0.25;

export interface ScoredChunk extends FoundChunk {
  readonly score: number;
}

export interface MeaningComparison {
  readonly view: MemoryView;
  readonly meaning: QueryMeaning;
  /** The chunks that have words of the query, the best first. */
  readonly found: readonly ScoredChunk[];
  /** Scores the words of a chunk. */
  readonly scoreOf: (words: string) => number;
}

/**
 * Adds chunks that mean something like a query to those that have its words, and weighs both. A rough comparison finds
 * `LIMITS.memoryNearest` chunks. Their meanings, and those of the best `LIMITS.memoryFoundCompared` by words, are
 * compared exactly. A chunk without a vector keeps the score of its words.
 */
export async function compareMeanings(
  queries: TenantReads,
  { view: { agentId, userId }, meaning, found, scoreOf }: MeaningComparison,
): Promise<readonly ScoredChunk[]> {
  if (agentId === undefined) return found;
  const { space, vector, vectorWeight, textWeight } = meaning;
  const near = await findNearest(queries, {
    agentId,
    userIds: userId === undefined ? undefined : [...new Set(["", userId])],
    space,
    signs: toSigns(vector),
    limit: LIMITS.memoryNearest,
  });
  const places = new Set([...near, ...found.slice(0, LIMITS.memoryFoundCompared).map(({ place }) => place)]);
  const compared = await readWithVectors(queries, [...places], space);
  if (near.length === 0 || compared.some((chunk) => chunk.vector === null)) meaning.requestMissing();
  const share = textWeight / (textWeight + vectorWeight);
  const scored = compared.flatMap(({ vector: stored, ...chunk }) => {
    const text = scoreOf(chunk.words);
    if (!stored || stored.byteLength === 0) return { ...chunk, score: text };
    const similarity = similarityOf(vector, stored);
    if (text === 0 && similarity < LEAST_SIMILARITY) return [];
    return { ...chunk, score: text * share + similarity * (1 - share) };
  });
  // Those with fewer of the words come after all of these, so their meanings are not read.
  const rest = found.filter(({ place }) => !places.has(place));
  return [...scored, ...rest.map((chunk) => ({ ...chunk, score: chunk.score * share }))];
}
