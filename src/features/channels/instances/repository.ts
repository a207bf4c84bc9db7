import { failedPrecondition, notFound } from "#base/errors.ts";
import { isUuid } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import type { ChannelInstancesTable, ChannelStatesTable } from "#db/channels/channel-tables.ts";
import type { Select, TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromBit, fromJson } from "#db/values.ts";
import type { ChannelHealth, ChannelInstance, ListInstancesInput } from "#features/channels/instances/schema.ts";
import { maskCredentials } from "#features/channels/instances/seal-credentials.ts";

type State = Pick<ChannelStatesTable, "state" | "reason" | "detail" | "since">;

export function toInstance(row: ChannelInstancesTable, state: State | undefined): ChannelInstance {
  const config = fromJson<Record<string, unknown> | null>(row.config);
  const credentials = maskCredentials(row.credentials);
  return {
    id: row.id,
    name: row.name,
    display_name: row.display_name,
    channel_type: row.channel_type,
    agent_id: row.agent_id,
    config,
    enabled: fromBit(row.enabled),
    is_default: fromBit(row.is_default),
    source: fromBit(row.is_default) ? "config" : "api",
    has_credentials: Object.keys(credentials).length > 0,
    credentials,
    health: toHealth(row, state),
    created_by: row.created_by,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** Returns how an instance fares. One that no process has served yet is registered. */
export function toHealth(row: ChannelInstancesTable, state: State | undefined): ChannelHealth {
  if (!state) return { state: "registered", since: row.created_at };
  // Safe: only `reportState` writes this column, and it takes a `ChannelState`.
  const known = state.state as ChannelHealth["state"];
  return {
    state: known,
    ...(state.reason !== "" && { reason: state.reason }),
    ...(state.detail !== "" && { detail: state.detail }),
    since: state.since,
  };
}

export const getInstanceRow = (queries: TenantReads, id: string): Promise<ChannelInstancesTable> =>
  getRow(queries.selectFrom("channel_instances"), id);

/** A tenant has at most `LIMITS.channelsPerTenant`. */
export const listInstanceRows = (queries: TenantReads): Promise<ChannelInstancesTable[]> =>
  queries.selectFrom("channel_instances").selectAll().orderBy("name").orderBy("id").execute();

/** Reads an instance and locks its row until the transaction ends. Throws `NOT_FOUND`. */
export const lockInstanceRow = (queries: TenantQueries, id: string): Promise<ChannelInstancesTable> =>
  getRow(queries.selectForUpdate("channel_instances"), id);

/** The same for a change by the API. Throws `FAILED_PRECONDITION` for an instance of the configuration. */
export async function lockChangeableRow(queries: TenantQueries, id: string): Promise<ChannelInstancesTable> {
  const row = await lockInstanceRow(queries, id);
  if (!fromBit(row.is_default)) return row;
  throw failedPrecondition("error.channel_is_default", { name: row.name }, "channel_is_default");
}

async function getRow(rows: Select<"channel_instances">, id: string): Promise<ChannelInstancesTable> {
  const row = isUuid(id) ? await rows.selectAll().where("id", "=", id.toLowerCase()).executeTakeFirst() : undefined;
  if (!row) throw notFound("channel_instance", id);
  return row;
}

export const findStateRow = (queries: TenantReads, instanceId: string): Promise<ChannelStatesTable | undefined> =>
  queries.selectFrom("channel_states").selectAll().where("instance_id", "=", instanceId).executeTakeFirst();

export async function getInstance(ctx: Context, id: string): Promise<ChannelInstance> {
  const row = await getInstanceRow(ctx.db.read, id);
  return toInstance(row, await findStateRow(ctx.db.read, row.id));
}

/** Lists instances by name. A tenant has at most `LIMITS.channelsPerTenant`, so they are searched in memory. */
export async function listInstances(
  { db }: Context,
  { search = "", channel_type: type, limit, offset }: ListInstancesInput,
) {
  const [rows, states] = await Promise.all([
    listInstanceRows(db.read),
    db.read.selectFrom("channel_states").selectAll().execute(),
  ]);
  const wanted = fold(search);
  const matching = rows
    .filter(({ channel_type }) => type === undefined || channel_type === type)
    .filter((row) => [row.name, row.display_name, row.channel_type].some((text) => fold(text).includes(wanted)));
  const stateOf = new Map(states.map((state) => [state.instance_id, state]));
  const page = matching.slice(offset, offset + limit);
  return {
    instances: page.map((row) => toInstance(row, stateOf.get(row.id))),
    ...{ total: matching.length, limit, offset },
  };
}

const fold = (text: string) => text.normalize("NFC").toLowerCase();
