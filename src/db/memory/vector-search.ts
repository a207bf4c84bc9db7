import type { TenantId } from "#base/ids.ts";
import type { Statement } from "#db/memory/text-search.ts";
import { TenantQueries, TenantReads } from "#db/tenant-queries.ts";

/** A chunk with the signs of its vector, which `toSigns` makes. */
export interface SignedChunk {
  readonly agentId: string;
  /** Empty if all users share the document. */
  readonly userId: string;
  /** The embedding model that made the vector. Vectors of different spaces cannot be compared. */
  readonly space: string;
  readonly place: number;
  readonly signs: Uint8Array;
}

export interface SignMatch {
  readonly agentId: string;
  /** The users whose documents are searched. Undefined: those of every user. */
  readonly userIds: readonly string[] | undefined;
  readonly space: string;
  readonly signs: Uint8Array;
  readonly limit: number;
}

/** Finds the places of the chunks whose signs differ least, the nearest first. It visits every chunk of the users. */
export type FindNearest = (tenantId: TenantId, match: SignMatch) => Promise<readonly number[]>;

/** The statement of a dialect that stores signs. */
export type StoreSigns = (tenantId: TenantId, chunks: readonly SignedChunk[]) => Statement;

/** Finds chunks of the tenant by the signs of their vectors. Takes `db.reports`, because it visits many rows. */
export const findNearest = (queries: TenantReads, match: SignMatch): Promise<readonly number[]> =>
  TenantReads.handleOf(queries).vectors.findNearest(queries.tenantId, match);

/** Stores the signs of chunks that have none. */
export async function storeSigns(queries: TenantQueries, chunks: readonly SignedChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  const { change, vectors } = TenantQueries.writerOf(queries);
  const { sql, parameters } = vectors.storeSigns(queries.tenantId, chunks);
  await change(sql, parameters);
}

/** What a dialect does with the signs of vectors. */
export interface VectorSearch {
  readonly findNearest: FindNearest;
  readonly storeSigns: StoreSigns;
}
