import { insertRows } from "#db/insert-rows.ts";
import { prepareChange, prepareRead } from "#db/prepared-query.ts";
import type { ToolCallsTable } from "#db/run-tables.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { chunk, fromBit, fromJson, toBit, toJson } from "#db/values.ts";
import type { ModelMetadata } from "#models/language-model.ts";
import type { ImagePart, ToolCallPart, ToolResultPart } from "#runtime/transcript/message-parts.ts";

export type ToolEffect = "read" | "idempotent" | "once";
export type ToolCallState = ToolCallsTable["state"];

/** A tool call as it is stored. */
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
    images: null,
    is_error: toBit(false),
    created_at: now,
    started_at: null,
    ended_at: null,
  }));
  for (const batch of chunk(rows, ROWS_AT_ONCE)) await insertRows(queries, "tool_calls", batch);
}

/** The database keeps a prepared statement for each number of rows up to this. */
const ROWS_AT_ONCE = 8;

const startCall = prepareChange<{ readonly id: string; readonly at: string }>((queries, { id, at }) =>
  queries.updateTable("tool_calls").set({ state: "running", started_at: at }).where("id", "=", id),
);

export async function markCallRunning(queries: TenantQueries, id: string, now: string): Promise<void> {
  await startCall(queries, { id, at: now });
}

type EndedCall = Pick<ToolCallsTable, "id" | "state" | "result" | "images" | "is_error" | "ended_at">;

const endCall = prepareChange<EndedCall>((queries, { id, state, result, images, is_error, ended_at }) =>
  queries.updateTable("tool_calls").set({ state, result, images, is_error, ended_at }).where("id", "=", id),
);

/** Stores the result of a call. The state `unknown` means that the call may or may not have had its effect. */
export async function storeCallResult(
  queries: TenantQueries,
  state: "done" | "unknown",
  result: ToolResultPart,
  now: string,
): Promise<void> {
  const { call_id: id, text, is_error, images = [] } = result;
  const stored = images.length === 0 ? null : toJson(images);
  await endCall(queries, { id, state, result: text, images: stored, is_error: toBit(is_error), ended_at: now });
  if (images.length > 0) await keepImages(queries, id, images);
}

/** Names the images of a result under the message of its call, so that they stay until the result is a message too. */
async function keepImages(queries: TenantQueries, callId: string, images: readonly ImagePart[]): Promise<void> {
  const { message_id } = await queries
    .selectFrom("tool_calls")
    .select("message_id")
    .where("id", "=", callId)
    .executeTakeFirstOrThrow();
  const rows = [...new Set(images.map(({ blob }) => blob))].map((blob) => ({ message_id, blob }));
  await queries
    .insertInto("message_blobs", rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

const callsOfMessage = prepareRead<
  { readonly messageId: string },
  StoredResult & Pick<ToolCallsTable, "arguments" | "effect" | "state">
>((queries, { messageId }) =>
  queries
    .selectFrom("tool_calls")
    .select(["id", "name", "arguments", "effect", "state", "result", "images", "is_error"])
    .where("message_id", "=", messageId)
    .orderBy("position"),
);

/** Returns the calls of an assistant message, in the order of the model. */
export async function readToolCalls(queries: TenantReads, messageId: string): Promise<readonly ToolCallRecord[]> {
  const rows = await callsOfMessage(queries, { messageId });
  return rows.map(({ effect, result, images, is_error, ...row }) => ({
    ...row,
    effect: effect as ToolEffect,
    result: result === null ? undefined : toResult({ id: row.id, name: row.name, result, images, is_error }),
  }));
}

type StoredResult = Pick<ToolCallsTable, "id" | "name" | "result" | "images" | "is_error">;

const toResult = ({ id, name, result, images, is_error }: StoredResult): ToolResultPart => ({
  type: "tool_result",
  call_id: id,
  name,
  text: result ?? "",
  is_error: fromBit(is_error),
  ...(images !== null && { images: fromJson<ImagePart[]>(images) }),
});

export async function readCallResults(queries: TenantReads, messageId: string): Promise<readonly ToolResultPart[]> {
  const calls = await readToolCalls(queries, messageId);
  return calls.flatMap(({ result }) => (result ? [result] : []));
}

/** Returns the results of the gateway's own tools, by the message that made the calls. */
export async function readGatewayResults(
  queries: TenantReads,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ToolResultPart[]>> {
  const rows = await queries
    .selectFrom("tool_calls")
    .select(["id", "message_id", "name", "result", "images", "is_error"])
    .where("message_id", "in", messageIds)
    .where("result", "is not", null)
    .orderBy("position")
    .execute();
  return new Map(
    [...Map.groupBy(rows, (row) => row.message_id)].map(([id, ofMessage]) => [id, ofMessage.map(toResult)]),
  );
}

/** A call of a client tool that the gateway handed out. */
export interface ClientCall {
  readonly id: string;
  /** The message that made the call. */
  readonly messageId: string;
  readonly runId: string;
}

/** Finds those of the calls that the gateway handed out. `userId` limits them to the runs of one user. */
export async function findClientCalls(
  queries: TenantReads,
  ids: readonly string[],
  agentId: string,
  userId: string | undefined,
): Promise<readonly ClientCall[]> {
  if (ids.length === 0) return [];
  return queries
    .selectFrom("tool_calls")
    .innerJoin("runs", "runs.id", "tool_calls.run_id")
    .select(["tool_calls.id as id", "tool_calls.message_id as messageId", "tool_calls.run_id as runId"])
    .where("tool_calls.id", "in", ids)
    .where("tool_calls.state", "=", "client")
    .where("runs.agent_id", "=", agentId)
    .$if(userId !== undefined, (query) => query.where("runs.user_id", "=", userId ?? ""))
    .execute();
}

/** Returns a call as a part of its turn. `metadata` is returned to the provider with the next request. */
export const toToolCallPart = (
  { id, name, arguments: text, state }: ToolCallRecord,
  metadata?: ModelMetadata,
): ToolCallPart => ({
  type: "tool_call",
  id,
  name,
  arguments: text,
  ...(state === "client" && { is_client: true }),
  // Safe: metadata is JSON from the adapter. The schema's type differs only in being mutable.
  ...(metadata && { metadata: metadata as NonNullable<ToolCallPart["metadata"]> }),
});
