import type { z } from "zod";
import { notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { endOf, startOf } from "#core/wire.ts";
import type { DelegationsTable } from "#db/delegation-tables.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { findAgent } from "#features/agents/index.ts";
import type {
  DelegationList,
  DelegationPath,
  DelegationRecord,
  ListDelegationsInput,
} from "#features/delegation/records/schema.ts";

const toRecord = (row: DelegationsTable): DelegationRecord => ({
  ...row,
  // Safe: only values of these schemas are stored.
  mode: row.mode as DelegationRecord["mode"],
  status: row.status as DelegationRecord["status"],
  result: row.result ?? undefined,
  error: row.error ?? undefined,
  trace_id: row.trace_id ?? undefined,
  run_id: row.child_run_id,
  duration_ms: row.duration_ms ?? undefined,
  completed_at: row.completed_at ?? undefined,
});

/** The records that the caller may see. Administrators see all of the tenant, other callers their own. */
const visible = (ctx: Context) =>
  ctx.db.read.selectFrom("delegations").$if(!hasRole(ctx, "admin"), (query) => query.where("user_id", "=", ctx.userId));

/** Lists records, newest first. A filter by an unknown agent finds nothing. */
export async function listDelegations(
  ctx: Context,
  input: ListDelegationsInput,
): Promise<z.infer<typeof DelegationList>> {
  const { limit, offset, user_id, status, mode, from, to } = input;
  const references = [input.agent_id, input.source_agent_id, input.target_agent_id];
  const agents = await Promise.all(
    references.map((reference) => (reference === undefined ? undefined : findAgent(ctx.db.read, reference))),
  );
  if (references.some((reference, index) => reference !== undefined && !agents[index])) {
    return { records: [], total: 0, limit, offset };
  }
  const [either, source, target] = agents.map((agent) => agent?.id);
  const matching = visible(ctx)
    .$if(either !== undefined, (query) =>
      query.where(({ or, eb }) =>
        or([eb("source_agent_id", "=", either ?? ""), eb("target_agent_id", "=", either ?? "")]),
      ),
    )
    .$if(source !== undefined, (query) => query.where("source_agent_id", "=", source ?? ""))
    .$if(target !== undefined, (query) => query.where("target_agent_id", "=", target ?? ""))
    .$if(user_id !== undefined, (query) => query.where("user_id", "=", user_id ?? ""))
    .$if(status !== undefined, (query) => query.where("status", "=", status ?? ""))
    .$if(mode !== undefined, (query) => query.where("mode", "=", mode ?? ""))
    .$if(from !== undefined, (query) => query.where("created_at", ">=", startOf(from ?? "")))
    .$if(to !== undefined, (query) => query.where("created_at", "<=", endOf(to ?? "")));
  const [rows, { total }] = await Promise.all([
    matching.selectAll().orderBy("created_at", "desc").orderBy("id", "desc").limit(limit).offset(offset).execute(),
    matching.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
  ]);
  return { records: rows.map(toRecord), total: Number(total), limit, offset };
}

export async function getDelegation(ctx: Context, { id }: DelegationPath): Promise<DelegationRecord> {
  const row = isUuid(id)
    ? await visible(ctx).selectAll().where("id", "=", id.toLowerCase()).executeTakeFirst()
    : undefined;
  if (!row) throw notFound("delegation", id);
  return toRecord(row);
}

/** Returns the record of an asynchronous task whose result has not reached its conversation yet. */
export const findUndelivered = (queries: TenantReads, childRunId: string): Promise<DelegationsTable | undefined> =>
  queries
    .selectFrom("delegations")
    .selectAll()
    .where("child_run_id", "=", childRunId)
    .where("mode", "=", "async")
    .where("delivered_at", "is", null)
    .executeTakeFirst();
