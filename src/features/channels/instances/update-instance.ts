import { toTimestamp } from "#base/clock.ts";
import { alreadyExists } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { secretBox } from "#core/platform.ts";
import type { ChannelInstancesTable } from "#db/channels/channel-tables.ts";
import { isUniqueViolation } from "#db/errors.ts";
import { fromJson, toBit, toJson } from "#db/values.ts";
import { channelInstanceUpdated } from "#features/channels/events.ts";
import { resolveAgentId } from "#features/channels/instances/create-instance.ts";
import { lockChangeableRow } from "#features/channels/instances/repository.ts";
import { requireValidConfig } from "#features/channels/instances/require-valid-config.ts";
import type { UpdateInstanceInput } from "#features/channels/instances/schema.ts";
import { sealCredentials } from "#features/channels/instances/seal-credentials.ts";

type Bag = Readonly<Record<string, unknown>>;

/** Changes an instance. The process that serves it begins anew with what it is now. */
export async function updateInstance(ctx: Context, input: UpdateInstanceInput): Promise<void> {
  const agentId = input.agent_id === undefined ? undefined : await resolveAgentId(ctx.db.read, input.agent_id);
  await mutate(ctx, channelInstanceUpdated, async (queries) => {
    const row = await lockChangeableRow(queries, input.id);
    const type = input.channel_type ?? row.channel_type;
    const config = mergeConfig(fromJson<Bag | null>(row.config), input);
    requireValidConfig(type, config ?? {});
    const credentials = sealCredentials(sentCredentials(input), row, type, ctx.use(secretBox));
    const wanted: Partial<ChannelInstancesTable> = {
      ...(input.name !== undefined && { name: input.name }),
      ...(input.display_name !== undefined && { display_name: input.display_name ?? "" }),
      ...(input.enabled !== undefined && { enabled: toBit(input.enabled) }),
      ...(agentId !== undefined && { agent_id: agentId }),
      channel_type: type,
      config: toJson(config),
    };
    // Safe: the names are columns of the row.
    const names = Object.keys(wanted) as (keyof typeof wanted)[];
    const changed = names.filter((name) => wanted[name] !== row[name]);
    if (changed.length === 0 && credentials.changed.length === 0) return { unchanged: undefined };
    await queries
      .updateTable("channel_instances")
      .set({ ...wanted, credentials: credentials.column, updated_at: toTimestamp(ctx.clock.now()) })
      .where("id", "=", row.id)
      .execute();
    const details = { name: row.name, changed, new_credentials: [...credentials.changed] };
    return { entityId: row.id, value: undefined, details };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("channel_instance", input.name ?? input.id) : thrown;
  });
}

/** Clients may send two of the settings beside `config`. They win. */
function mergeConfig(stored: Bag | null, { config, group_policy, allow_from }: UpdateInstanceInput): Bag | null {
  const base = config === undefined ? stored : config;
  if (group_policy === undefined && allow_from === undefined) return base;
  return {
    ...base,
    ...(group_policy !== undefined && { group_policy }),
    ...(allow_from !== undefined && { allow_from }),
  };
}

function sentCredentials({ credentials, webhook_secret }: UpdateInstanceInput): UpdateInstanceInput["credentials"] {
  return webhook_secret === undefined ? credentials : { ...credentials, webhook_secret };
}
