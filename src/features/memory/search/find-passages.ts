import type { TenantReads } from "#db/tenant-queries.ts";
import { type ChunkText, readChunks } from "#features/memory/repository.ts";
import { type MemorySearch, type RankedChunk, searchMemory } from "#features/memory/search/search-memory.ts";

export interface PassageSearch extends MemorySearch {
  readonly maxResults: number;
  readonly minScore: number;
}

/** A stretch of a document that fits a search. */
export interface Passage {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly score: number;
  readonly snippet: string;
  readonly source: "memory";
  readonly scope: "global" | "personal";
}

/** Finds passages, the best first. A user's own passage hides the one that stands at the same place for all users. */
export async function findPassages(
  queries: TenantReads,
  { maxResults, minScore, ...search }: PassageSearch,
): Promise<readonly Passage[]> {
  const found = (await searchMemory(queries, search)).filter(({ score }) => score >= minScore);
  // Some stand in several documents, so more are read than are shown.
  const best = withoutHidden(found).slice(0, maxResults * 2);
  const chunks = await readChunks(
    queries,
    best.map(({ id }) => id),
  );
  return withoutCopies(best, chunks)
    .slice(0, maxResults)
    .flatMap(({ id, path, score, user_id }) => {
      const chunk = chunks.get(id);
      if (!chunk) return [];
      const { text: snippet, start_line, end_line } = chunk;
      const scope = user_id === "" ? "global" : "personal";
      return [{ path, start_line, end_line, score, snippet, source: "memory", scope }];
    });
}

/** Keeps the best one of passages with the same text. */
function withoutCopies(ranked: readonly RankedChunk[], chunks: ReadonlyMap<string, ChunkText>): readonly RankedChunk[] {
  const seen = new Set<string | undefined>();
  return ranked.filter(({ id }) => {
    const text = chunks.get(id)?.text;
    const isNew = !seen.has(text);
    seen.add(text);
    return isNew;
  });
}

function withoutHidden(chunks: readonly RankedChunk[]): readonly RankedChunk[] {
  const placeOf = ({ path, start_line }: RankedChunk) => `${start_line}:${path}`;
  const own = new Set(chunks.filter(({ user_id }) => user_id !== "").map(placeOf));
  return chunks.filter((chunk) => chunk.user_id !== "" || !own.has(placeOf(chunk)));
}
