import type { Kysely } from "kysely";
import { toTimestamp } from "#base/clock.ts";
import { newId, type TenantId } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { eventBus } from "#core/events.ts";
import { systemDatabase } from "#core/system-database.ts";
import type { Tables } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

/** What a unit of writes did: which entity it changed, and the value for the caller. */
export interface Change<Value> {
  readonly entityId: string;
  readonly value: Value;
  /** Shown in the activity log; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Where the change took place, when that is not the caller's tenant. */
  readonly tenantId?: TenantId;
}

/** One transaction: the change, its audit row as the operation declares it, and after the commit its event. */
export async function mutate<Value>(
  ctx: Context,
  unit: (queries: TenantQueries) => Promise<Change<Value>>,
): Promise<Value> {
  const change = await ctx.db.write(async (queries) => {
    const done = await unit(queries);
    await recordChange(queries, ctx, done);
    return done;
  });
  announce(ctx, change);
  return change.value;
}

/** The same for the tables that stand above tenants. The audit row goes to the caller's tenant. */
export async function mutateSystem<Value>(
  ctx: Context,
  unit: (queries: Kysely<Tables>) => Promise<Change<Value>>,
): Promise<Value> {
  const system = ctx.use(systemDatabase);
  const change = await system.write(async (queries) => {
    const done = await unit(queries);
    await recordChange(system.scope(queries, ctx.tenantId), ctx, done);
    return done;
  });
  announce(ctx, change);
  return change.value;
}

async function recordChange(queries: TenantQueries, ctx: Context, change: Change<unknown>): Promise<void> {
  const { action, entity } = auditRule(ctx);
  await queries
    .insertInto("activity_logs", {
      id: newId(),
      actor_type: actorType(ctx),
      actor_id: ctx.userId,
      action,
      entity_type: entity,
      entity_id: change.entityId,
      details: change.details ? JSON.stringify(change.details) : null,
      ip_address: ctx.clientIp,
      created_at: toTimestamp(ctx.clock.now()),
    })
    .execute();
  await ctx.idempotency?.markApplied(queries);
}

function announce(ctx: Context, change: Change<unknown>): void {
  const tenantId = change.tenantId ?? ctx.tenantId;
  ctx.use(eventBus).publish({ type: auditRule(ctx).action, tenantId, entityId: change.entityId });
}

function auditRule({ operation }: Context) {
  if (!operation.audit) throw new Error(`${operation.name} changes something but declares no audit rule`);
  return operation.audit;
}

function actorType({ actor, isUserKnown }: Context): "user" | "api_key" | "system" {
  if (isUserKnown) return "user";
  return actor.kind === "api_key" ? "api_key" : "system";
}
