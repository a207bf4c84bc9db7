import { LIMITS } from "#base/limits.ts";
import { countWords, type FoundChunk, findChunks } from "#db/memory/text-search.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { compareMeanings } from "#features/memory/search/compare-meanings.ts";
import { createScore } from "#features/memory/search/rank-chunks.ts";
import { toWords } from "#features/memory/search/to-words.ts";
import { type MemoryView, scopesIn } from "#features/memory/store/scopes-of.ts";
import type { QueryMeaning } from "#features/memory/vectors/memory-vectors.ts";

/** What a user's own memory is worth beside what all users share. */
const PERSONAL_WEIGHT = 1.2;

export interface MemorySearch {
  readonly view: MemoryView;
  readonly query: string;
  /** Words are searched meanwhile. It resolves to undefined if the search compares words alone. */
  readonly meaning: Promise<QueryMeaning | undefined>;
}

/** A chunk that fits a query. */
export interface RankedChunk extends Omit<FoundChunk, "words"> {
  readonly score: number;
}

/**
 * Returns the chunks of a view that have words of a query or mean something like it, the best first. It looks at no more
 * than `LIMITS.memoryCandidates` chunks with its words, those with the rarest ones. Both databases give the same order.
 */
export async function searchMemory(
  queries: TenantReads,
  { view, query, meaning: meaningToCome }: MemorySearch,
): Promise<readonly RankedChunk[]> {
  const [meaning, { found, scoreOf }] = await Promise.all([meaningToCome, findByWords(queries, view, query)]);
  const scored = meaning ? await compareMeanings(queries, { view, meaning, found, scoreOf }) : found;
  return scored
    .map(({ words: _, ...chunk }) => ({
      ...chunk,
      score: chunk.score * (chunk.user_id === "" ? 1 : PERSONAL_WEIGHT),
    }))
    .toSorted(byScore);
}

async function findByWords(queries: TenantReads, view: MemoryView, query: string) {
  const words = [...new Set(toWords(query))].slice(0, LIMITS.memoryQueryWords);
  if (words.length === 0) return { found: [], scoreOf: createScore([], new Map()) };
  const scopes = scopesIn(view);
  const counts = await countWords(queries, { scopes, words, limit: LIMITS.memoryCandidates + 1 });
  const candidates = await findCandidates(queries, scopes, counts);
  const scoreOf = createScore(words, counts);
  const found = candidates.map((chunk) => ({ ...chunk, score: scoreOf(chunk.words) })).toSorted(byScore);
  return { found, scoreOf };
}

async function findCandidates(
  queries: TenantReads,
  scopes: readonly string[],
  counts: ReadonlyMap<string, number>,
): Promise<readonly FoundChunk[]> {
  const limit = LIMITS.memoryCandidates;
  const present = [...counts].filter(([, count]) => count > 0).toSorted(([, a], [, b]) => a - b);
  let room = limit;
  const rare = present.filter(([, count]) => {
    room -= count;
    return room >= 0;
  });
  const words = (rare.length > 0 ? rare : present).map(([word]) => word);
  if (words.length === 0) return [];
  if (rare.length > 0) return findChunks(queries, { scopes, words, needs: "one", limit });
  // Every word is common, so the chunks that have all of them fit best.
  const whole = await findChunks(queries, { scopes, words, needs: "every", limit });
  return whole.length > 0 ? whole : findChunks(queries, { scopes, words, needs: "one", limit });
}

const byScore = (a: Omit<RankedChunk, "words">, b: Omit<RankedChunk, "words">): number =>
  b.score - a.score || compare(a.path, b.path) || a.start_line - b.start_line || compare(a.user_id, b.user_id);

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
