import type { TenantId } from "#base/ids.ts";
import { TenantReads } from "#db/tenant-queries.ts";

/** A statement with its values. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export interface ChunkMatch {
  /** A chunk has to be in one of these scopes. */
  readonly scopes: readonly string[];
  readonly words: readonly string[];
  /** Whether a chunk has to have one of the words or every one. */
  readonly needs: "one" | "every";
  /** The highest number of chunks. Those that were stored last come first. */
  readonly limit: number;
}

/**
 * The statements of a dialect that search the chunks of memory. Both dialects index the same words, so they find the
 * same chunks. Words hold only letters and digits, and are in lower case.
 */
export interface TextSearch {
  /** For each word, counts up to `limit` chunks that have it. The rows are `WordCount`. */
  count(tenantId: TenantId, match: Omit<ChunkMatch, "needs">): Statement;
  /** The rows are `FoundChunk`. */
  find(tenantId: TenantId, match: ChunkMatch): Statement;
}

export interface WordCount {
  readonly word: string;
  readonly found: number;
}

export interface FoundChunk {
  readonly place: number;
  readonly id: string;
  readonly document_id: string;
  readonly start_line: number;
  readonly words: string;
  /** Empty if all users share the document. */
  readonly user_id: string;
  readonly path: string;
}

/** Counts the chunks of the tenant that have each of the words, up to a limit. */
export async function countWords(
  queries: TenantReads,
  match: Omit<ChunkMatch, "needs">,
): Promise<ReadonlyMap<string, number>> {
  const { run, textSearch } = TenantReads.handleOf(queries);
  const { sql, parameters } = textSearch.count(queries.tenantId, match);
  const rows = await run<WordCount>(sql, parameters);
  return new Map(rows.map(({ word, found }) => [word, Number(found)]));
}

/** Finds chunks of the tenant by their words. */
export async function findChunks(queries: TenantReads, match: ChunkMatch): Promise<readonly FoundChunk[]> {
  const { run, textSearch } = TenantReads.handleOf(queries);
  const { sql, parameters } = textSearch.find(queries.tenantId, match);
  // Postgres sends numbers of 64 bits as texts.
  return (await run<FoundChunk>(sql, parameters)).map((chunk) => ({ ...chunk, place: Number(chunk.place) }));
}
