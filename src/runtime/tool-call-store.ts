import { toTimestamp } from "#base/clock.ts";
import type { ToolCallsTable } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromBit, toBit } from "#db/values.ts";
import type { ToolCallPart, ToolResultPart } from "#runtime/message-parts.ts";

export type ToolEffect = "read" | "idempotent" | "once";
export type ToolCallState = ToolCallsTable["state"];

/** A call of one of our tools, as the journal knows it. */
export interface ToolCallRecord {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
  readonly effect: ToolEffect;
  readonly state: ToolCallState;
  readonly result?: ToolResultPart | undefined;
}

export async function insertToolCalls(
  queries: TenantQueries,
  runId: string,
  messageId: string,
  calls: readonly ToolCallRecord[],
  now: string,
): Promise<void> {
  if (calls.length === 0) return;
  const rows = calls.map(({ id, name, arguments: text, effect, state }, position) => ({
    id,
    run_id: runId,
    message_id: messageId,
    position,
    name,
    arguments: text,
    effect,
    state,
    result: null,
    is_error: toBit(false),
    created_at: now,
    started_at: null,
    ended_at: null,
  }));
  await queries.insertInto("tool_calls", rows).execute();
}

export async function markCallRunning(queries: TenantQueries, id: string, now: Date): Promise<void> {
  await queries
    .updateTable("tool_calls")
    .set({ state: "running", started_at: toTimestamp(now) })
    .where("id", "=", id)
    .execute();
}

/** `unknown` tells that the call may or may not have had its effect. */
export async function storeCallResult(
  queries: TenantQueries,
  state: "done" | "unknown",
  result: ToolResultPart,
  now: Date,
): Promise<void> {
  await queries
    .updateTable("tool_calls")
    .set({ state, result: result.text, is_error: toBit(result.is_error), ended_at: toTimestamp(now) })
    .where("id", "=", result.call_id)
    .execute();
}

/** The calls of one assistant message, in the order in which the model made them. */
export async function readToolCalls(queries: TenantQueries, messageId: string): Promise<readonly ToolCallRecord[]> {
  const rows = await queries
    .selectFrom("tool_calls")
    .select(["id", "name", "arguments", "effect", "state", "result", "is_error"])
    .where("message_id", "=", messageId)
    .orderBy("position")
    .execute();
  return rows.map(({ effect, result, is_error, ...row }) => ({
    ...row,
    effect: effect as ToolEffect,
    result:
      result === null
        ? undefined
        : { type: "tool_result", call_id: row.id, name: row.name, text: result, is_error: fromBit(is_error) },
  }));
}

export async function readCallResults(queries: TenantQueries, messageId: string): Promise<readonly ToolResultPart[]> {
  const calls = await readToolCalls(queries, messageId);
  return calls.flatMap(({ result }) => (result ? [result] : []));
}

/** Where a call of a caller's tool, of a run that `userId` may continue, was made. */
export async function findClientCalls(
  queries: TenantQueries,
  ids: readonly string[],
  agentId: string,
  userId: string | undefined,
): Promise<readonly { readonly id: string; readonly messageId: string }[]> {
  if (ids.length === 0) return [];
  return queries
    .selectFrom("tool_calls")
    .innerJoin("runs", "runs.id", "tool_calls.run_id")
    .select(["tool_calls.id as id", "tool_calls.message_id as messageId"])
    .where("tool_calls.id", "in", ids)
    .where("tool_calls.state", "=", "client")
    .where("runs.agent_id", "=", agentId)
    .$if(userId !== undefined, (query) => query.where("runs.user_id", "=", userId ?? ""))
    .execute();
}

export const toToolCallPart = ({ id, name, arguments: text, state }: ToolCallRecord): ToolCallPart => ({
  type: "tool_call",
  id,
  name,
  arguments: text,
  ...(state === "client" && { is_client: true }),
});
