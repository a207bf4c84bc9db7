import { notFound } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { toErrorShape } from "#core/error-shape.ts";
import { fromJson } from "#db/values.ts";
import { findAgent } from "#features/agents/index.ts";
import { signLinks } from "#features/media/index.ts";
import { countRuns, pageOfRuns, type RunFilter } from "#features/runs/match-runs.ts";
import type { ListRunsInput } from "#features/runs/schema.ts";
import type { AnsweredBy, Run, RunRow, Usage } from "#runtime/runs/index.ts";
import { type RunError, toAppError } from "#runtime/runs/index.ts";

/** Selects the runs that the caller may see. Administrators see all runs of the tenant, other callers their own. */
const visibleRuns = (ctx: Context) =>
  ctx.db.read.selectFrom("runs").$if(!hasRole(ctx, "admin"), (query) => query.where("user_id", "=", ctx.userId));

export async function getRunRow(ctx: Context, id: string): Promise<RunRow> {
  const row = await visibleRuns(ctx).selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw notFound("run", id);
  return row;
}

export async function listRunRows(ctx: Context, input: ListRunsInput) {
  const { read } = ctx.db;
  const { agent_id: reference = ctx.options.agent, session_key: sessionKey, status } = input;
  const agentId = reference === undefined ? undefined : ((await findAgent(read, reference))?.id ?? "");
  const own = hasRole(ctx, "admin") ? [] : [ctx.userId];
  const requested = input.user_id === undefined ? [] : [input.user_id];
  const filter: RunFilter = { agentId, sessionKey, userIds: [...own, ...requested], status };
  const { limit, offset } = input;
  const [rows, total] = await Promise.all([
    pageOfRuns(read, filter).limit(limit).offset(offset).execute(),
    countRuns(read, filter),
  ]);
  return { rows, total, limit, offset };
}

/** The columns of a run that its wire form needs. */
type ShownRow = Awaited<ReturnType<typeof listRunRows>>["rows"][number];

/** Converts rows to their wire form, with errors in the caller's language. Links in outputs are signed. */
export async function toRuns(ctx: Context, rows: readonly ShownRow[]): Promise<Run[]> {
  const outputs = await signLinks(
    ctx,
    rows.map(({ output }) => output ?? ""),
  );
  return rows.map((row, index) => describeRun(ctx, row, outputs[index]));
}

/** The same for one row. */
export async function toRun(ctx: Context, row: ShownRow): Promise<Run> {
  const [output] = await signLinks(ctx, [row.output ?? ""]);
  return describeRun(ctx, row, output);
}

function describeRun(ctx: Context, row: ShownRow, output = ""): Run {
  const metadata = fromJson<Record<string, unknown>>(row.metadata);
  return {
    id: row.id,
    agent_id: row.agent_id,
    agent_key: row.agent_key,
    session_key: row.session_key,
    user_id: row.user_id,
    kind: row.kind as Run["kind"],
    status: row.status as Run["status"],
    attempt: row.attempt,
    input_preview: row.input_preview,
    usage: fromJson<Usage>(row.usage),
    cost: row.cost,
    trace_id: row.trace_id,
    created_at: row.created_at,
    ...(row.finish !== null && { finish: row.finish as NonNullable<Run["finish"]> }),
    ...(row.output !== null && { output }),
    ...(row.error !== null && { error: describeRunError(ctx, fromJson<RunError>(row.error)) }),
    ...toAnswered(row),
    ...(row.parent_run_id !== null && { parent_run_id: row.parent_run_id }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(row.started_at !== null && { started_at: row.started_at }),
    ...(row.ended_at !== null && { ended_at: row.ended_at }),
  };
}

function toAnswered({ answered_by }: Pick<RunRow, "answered_by">): Pick<Run, "provider" | "model" | "without_tools"> {
  if (answered_by === null) return {};
  const { provider, model, withoutTools } = fromJson<AnsweredBy>(answered_by);
  return { provider, model, ...(withoutTools && { without_tools: true }) };
}

export const describeRunError = (ctx: Context, error: RunError): NonNullable<Run["error"]> =>
  toErrorShape(toAppError(error, ctx), ctx.locale, ctx.requestId);
