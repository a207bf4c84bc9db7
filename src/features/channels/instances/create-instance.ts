import { toTimestamp } from "#base/clock.ts";
import { AppError, alreadyExists, notFound } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { secretBox } from "#core/platform.ts";
import type { ChannelInstancesTable } from "#db/channels/channel-tables.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { toBit, toJson } from "#db/values.ts";
import { findAgent } from "#features/agents/index.ts";
import { channelInstanceCreated } from "#features/channels/events.ts";
import { toInstance } from "#features/channels/instances/repository.ts";
import { requireValidConfig } from "#features/channels/instances/require-valid-config.ts";
import type { ChannelInstance, CreateInstanceInput } from "#features/channels/instances/schema.ts";
import { sealCredentials } from "#features/channels/instances/seal-credentials.ts";

/** Stores an instance. A process of the gateway begins to serve it at once, if it is enabled. */
export async function createInstance(ctx: Context, input: CreateInstanceInput): Promise<ChannelInstance> {
  const { name, channel_type } = input;
  const config = input.config ?? null;
  requireValidConfig(channel_type, config ?? {});
  const agent_id = await resolveAgentId(ctx.db.read, input.agent_id);
  const place = { id: newId(), tenant_id: ctx.tenantId, channel_type, credentials: "{}" };
  const { column } = sealCredentials(input.credentials, place, channel_type, ctx.use(secretBox));
  const now = toTimestamp(ctx.clock.now());
  const row: ChannelInstancesTable = {
    ...place,
    agent_id,
    name,
    display_name: input.display_name ?? "",
    credentials: column,
    config: toJson(config),
    enabled: toBit(input.enabled),
    is_default: toBit(false),
    created_by: ctx.userId,
    created_at: now,
    updated_at: now,
  };
  return mutate(ctx, channelInstanceCreated, async (queries) => {
    await requireRoom(queries);
    await queries.insertInto("channel_instances", row).execute();
    return { entityId: row.id, value: toInstance(row, undefined), details: { name, type: channel_type } };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("channel_instance", name) : thrown;
  });
}

/** Returns the id of an agent that a request names by id or key. Throws `NOT_FOUND`. */
export async function resolveAgentId(queries: TenantReads, reference: string): Promise<string> {
  const agent = await findAgent(queries, reference);
  if (!agent) throw notFound("agent", reference);
  return agent.id;
}

async function requireRoom(queries: TenantReads): Promise<void> {
  const { count } = await queries
    .selectFrom("channel_instances")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  if (Number(count) < LIMITS.channelsPerTenant) return;
  throw new AppError("RESOURCE_EXHAUSTED", "error.too_many_channels", { max: LIMITS.channelsPerTenant });
}
