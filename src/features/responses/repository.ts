import { toTimestamp } from "#base/clock.ts";
import { notFound } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { insertRow } from "#db/insert-rows.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import type { ResponseHead } from "#features/responses/output/to-response.ts";
import { createdAtOf, toResponseId, toRunId } from "#features/responses/response-ids.ts";
import type { Echo } from "#features/responses/schema/response.ts";
import type { RunRow } from "#runtime/runs/index.ts";

/** What a response keeps of its request. */
export interface RequestRecord {
  readonly echo: Echo;
  /** True if the request had GoClaw's own form. */
  readonly hasMessages: boolean;
  readonly showsSummary: boolean;
  readonly sealsReasoning: boolean;
}

/** A stored response with its run. */
export interface StoredResponse {
  readonly run: RunRow;
  readonly record: RequestRecord;
}

/** Stores a response in the transaction that accepts its run. */
export async function insertResponse(
  ctx: Context,
  queries: TenantQueries,
  runId: string,
  record: RequestRecord,
): Promise<void> {
  const { session_id } = await queries
    .selectFrom("runs")
    .select("session_id")
    .where("id", "=", runId)
    .executeTakeFirstOrThrow();
  await insertRow(queries, "responses", {
    id: runId,
    session_id,
    created_by: ctx.userId,
    request: toJson(record),
    created_at: toTimestamp(ctx.clock.now()),
  });
}

/**
 * Returns a response by its id. Administrators find all of their tenant, other callers those of their own user and
 * those that they made for others. Throws NOT_FOUND.
 */
export async function getResponse(ctx: Context, id: string): Promise<StoredResponse> {
  const runId = toRunId(id);
  if (runId === undefined) throw notFound("response", id);
  const row = await ctx.db.read
    .selectFrom("responses")
    .innerJoin("runs", "runs.id", "responses.id")
    .selectAll("runs")
    .select("responses.request")
    .where("responses.id", "=", runId)
    .$if(!hasRole(ctx, "admin"), (query) =>
      query.where(({ eb, or }) =>
        or([eb("runs.user_id", "=", ctx.userId), eb("responses.created_by", "=", ctx.userId)]),
      ),
    )
    .executeTakeFirst();
  if (!row) throw notFound("response", id);
  const { request, ...run } = row;
  return { run, record: fromJson<RequestRecord>(request) };
}

export const headOf = (runId: string, { echo }: RequestRecord): ResponseHead => ({
  id: toResponseId(runId),
  created_at: createdAtOf(runId),
  ...echo,
});

/** Returns the last message of a run, or of its session if the run wrote none. */
export async function findLastMessage(queries: TenantReads, run: RunRow): Promise<string | undefined> {
  const written = await queries
    .selectFrom("messages")
    .select("id")
    .where("run_id", "=", run.id)
    .orderBy("depth", "desc")
    .limit(1)
    .executeTakeFirst();
  if (written) return written.id;
  const session = await queries
    .selectFrom("sessions")
    .select("head_id")
    .where("id", "=", run.session_id)
    .executeTakeFirst();
  return session?.head_id ?? undefined;
}
