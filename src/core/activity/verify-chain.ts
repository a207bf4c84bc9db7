import { CHAIN_START, hashActivity } from "#core/activity/hash-activity.ts";
import type { TenantReads } from "#db/tenant-queries.ts";

/** The result for one tenant. */
export interface ChainReport {
  /** How many rows the log has. */
  readonly rows: number;
  /** The hash of the last row. Somebody who keeps it elsewhere can prove later that nothing before it was changed. */
  readonly hash: string;
  /** What is wrong first, or undefined if the chain is whole. */
  readonly fault?: ChainFault;
}

export interface ChainFault {
  /** `missing`: rows were taken out. `changed`: a row is not as it was written. `end`: rows were taken from the end. */
  readonly kind: "missing" | "changed" | "end";
  /** The number of the row, which counts from 1 in each tenant. */
  readonly seq: number;
}

const ROWS_AT_ONCE = 1_000;

/** Reads a tenant's activity log and follows its chain of hashes. Rows from before there was a chain do not count. */
export async function verifyChain(read: TenantReads): Promise<ChainReport> {
  const head = await read.selectFrom("activity_heads").selectAll().executeTakeFirst();
  let at = { seq: head?.trimmed_seq ?? 0, hash: head?.trimmed_hash ?? CHAIN_START };
  let rows = 0;
  for (;;) {
    const page = await read
      .selectFrom("activity_logs")
      .selectAll()
      .where("seq", ">", at.seq)
      .orderBy("seq")
      .limit(ROWS_AT_ONCE)
      .execute();
    for (const { hash, ...row } of page) {
      rows++;
      if (row.seq !== at.seq + 1) return { rows, hash: at.hash, fault: { kind: "missing", seq: at.seq + 1 } };
      if (hash !== hashActivity(at.hash, row)) return { rows, hash: at.hash, fault: { kind: "changed", seq: row.seq } };
      at = { seq: row.seq, hash };
    }
    if (page.length < ROWS_AT_ONCE) break;
  }
  const isWhole = (head?.seq ?? 0) === at.seq && (head?.hash ?? CHAIN_START) === at.hash;
  return { rows, hash: at.hash, ...(!isWhole && { fault: { kind: "end", seq: at.seq + 1 } as const }) };
}
