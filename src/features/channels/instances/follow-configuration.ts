import { type Clock, toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import type { Logger } from "#base/logger.ts";
import type { SecretBox } from "#base/secret-box.ts";
import { SYSTEM_USER } from "#core/access/authenticate.ts";
import type { EventBus } from "#core/events/events.ts";
import { type Author, mutateAs } from "#core/mutate.ts";
import type { ChannelInstancesTable } from "#db/channels/channel-tables.ts";
import type { TenantDatabase } from "#db/database.ts";
import { isUniqueViolation } from "#db/errors.ts";
import { fromBit, toBit, toJson } from "#db/values.ts";
import { findAgent } from "#features/agents/index.ts";
import { channelInstanceCreated, channelInstanceDeleted, channelInstanceUpdated } from "#features/channels/events.ts";
import type { ConfiguredInstance, ConfiguredInstances } from "#features/channels/instances/configured-instance.ts";
import { listInstanceRows, lockInstanceRow } from "#features/channels/instances/repository.ts";
import { openCredentials, sealCredentials } from "#features/channels/instances/seal-credentials.ts";

export interface FollowDependencies {
  /** The tenant of the operator. */
  readonly db: TenantDatabase;
  readonly instances: ConfiguredInstances;
  readonly secretBox: SecretBox;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The columns that the configuration decides about. */
type Wanted = Pick<
  ChannelInstancesTable,
  "agent_id" | "display_name" | "channel_type" | "config" | "enabled" | "is_default"
>;

/**
 * Makes the accounts of the configuration exist as it has them, and removes those that it no longer has. An account of
 * the same name that was made by the API becomes one of the configuration. An account whose agent does not exist is
 * left as it is, with a line in the log.
 */
export async function followConfiguration(dependencies: FollowDependencies): Promise<void> {
  const { db, instances, logger } = dependencies;
  const rows = await listInstanceRows(db.read);
  const known = new Map(rows.map((row) => [row.name, row]));
  for (const row of rows) {
    if (fromBit(row.is_default) && !Object.hasOwn(instances, row.name)) await remove(dependencies, row);
  }
  for (const [name, instance] of Object.entries(instances)) {
    const agent = await findAgent(db.read, instance.agent_id);
    const row = known.get(name);
    if (!agent)
      logger.warn({ channel: name, agent: instance.agent_id }, "an account of the configuration has no agent");
    else if (row) await update(dependencies, row, instance, agent.id);
    else await insert(dependencies, name, instance, agent.id);
  }
}

const authorOf = ({ db, events, clock }: FollowDependencies): Author => ({
  db,
  events,
  actor: { kind: "job", name: "configuration" },
  now: clock.now(),
});

const toWanted = (instance: ConfiguredInstance, agentId: string): Wanted => ({
  agent_id: agentId,
  display_name: instance.display_name ?? "",
  channel_type: instance.channel_type,
  config: toJson(instance.config ?? null),
  enabled: toBit(instance.enabled),
  is_default: toBit(true),
});

const revealed = (secrets: ConfiguredInstance["credentials"]): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]));

async function insert(
  dependencies: FollowDependencies,
  name: string,
  instance: ConfiguredInstance,
  agentId: string,
): Promise<void> {
  const { db, secretBox, clock } = dependencies;
  const now = toTimestamp(clock.now());
  const place = { id: newId(), tenant_id: db.tenantId, channel_type: instance.channel_type, credentials: "{}" };
  const { column } = sealCredentials(revealed(instance.credentials), place, instance.channel_type, secretBox);
  await mutateAs(authorOf(dependencies), channelInstanceCreated, async (queries) => {
    const row = { ...place, ...toWanted(instance, agentId), name, credentials: column };
    await queries
      .insertInto("channel_instances", { ...row, created_by: SYSTEM_USER, created_at: now, updated_at: now })
      .execute();
    return { entityId: place.id, value: undefined, details: { name, type: instance.channel_type } };
  }).catch((thrown) => {
    // Another node that starts with the same configuration was faster.
    if (!isUniqueViolation(thrown)) throw thrown;
  });
}

async function update(
  dependencies: FollowDependencies,
  { id }: ChannelInstancesTable,
  instance: ConfiguredInstance,
  agentId: string,
): Promise<void> {
  const { secretBox, clock } = dependencies;
  await mutateAs(authorOf(dependencies), channelInstanceUpdated, async (queries) => {
    const row = await lockInstanceRow(queries, id);
    const wanted = toWanted(instance, agentId);
    // Safe: the names are columns of the row.
    const changed = (Object.keys(wanted) as (keyof Wanted)[]).filter((name) => wanted[name] !== row[name]);
    const sent = revealed(instance.credentials);
    const keepsCredentials = Bun.deepEquals(sent, storedCredentials(row, secretBox));
    if (changed.length === 0 && keepsCredentials) return { unchanged: undefined };
    const empty = { ...row, credentials: "{}" };
    const credentials = keepsCredentials
      ? row.credentials
      : sealCredentials(sent, empty, instance.channel_type, secretBox).column;
    await queries
      .updateTable("channel_instances")
      .set({ ...wanted, credentials, updated_at: toTimestamp(clock.now()) })
      .where("id", "=", row.id)
      .execute();
    const details = { name: row.name, changed, new_credentials: keepsCredentials ? [] : Object.keys(sent) };
    return { entityId: row.id, value: undefined, details };
  });
}

/** Returns the credentials of a row, or undefined if the key that sealed them is lost. */
function storedCredentials(row: ChannelInstancesTable, secretBox: SecretBox): Record<string, string> | undefined {
  try {
    return revealed(openCredentials(row, secretBox));
  } catch {
    return undefined;
  }
}

async function remove(dependencies: FollowDependencies, { id, name }: ChannelInstancesTable): Promise<void> {
  await mutateAs(authorOf(dependencies), channelInstanceDeleted, async (queries) => {
    const gone = await queries.deleteFrom("channel_instances").where("id", "=", id).returning("id").execute();
    // Another node with the same configuration may have been faster.
    return gone.length === 0 ? { unchanged: undefined } : { entityId: id, value: undefined, details: { name } };
  });
}
