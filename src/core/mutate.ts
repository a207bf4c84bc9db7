import type { Kysely } from "kysely";
import type { z } from "zod";
import { toTimestamp } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import { type Actor, describeActor } from "#core/access/actor.ts";
import { insertActivity } from "#core/activity/insert-activity.ts";
import type { Context } from "#core/context.ts";
import { type EventBus, type EventKind, type EventOf, eventBus } from "#core/events/events.ts";
import { toEffectAnswer } from "#core/idempotency/kept-answer.ts";
import { systemDatabase } from "#core/system-database.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { Tables } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

/** The result of a unit of writes: the entity that it changed, and the value for the caller. */
export interface Change<Value, Payload = unknown> {
  readonly entityId: string;
  readonly value: Value;
  /** The payload of the event and the details of the audit row. */
  readonly details: Payload;
  /** Fields of the payload that the event has and the audit row, which stays for long, leaves out. */
  readonly eventOnly?: Partial<Payload>;
  /** The tenant of the change, if it is not the caller's. */
  readonly tenantId?: TenantId;
  /** The user whose entity changed, if only this user and administrators may receive the event. */
  readonly userId?: string;
}

/** The result of a unit of writes that changed nothing. It produces no audit row and no event. */
export interface NoChange<Value> {
  readonly unchanged: Value;
}

/** The author of a change outside a request, such as a job or an agent. */
export interface Author {
  readonly db: TenantDatabase;
  readonly actor: Actor;
  readonly events: EventBus;
  readonly now: Date;
}

type PayloadOf<Kind extends EventKind> = z.output<Kind["payload"]>;
type Outcome<Value, Kind extends EventKind> = Change<Value, PayloadOf<Kind>> | NoChange<Value>;

/**
 * Makes a change on behalf of a request. Writes the change and its audit row in one transaction, and publishes the
 * event after the commit. Throws if the operation does not declare this kind of event.
 */
export async function mutate<Value, Kind extends EventKind>(
  ctx: Context,
  kind: Kind,
  unit: (queries: TenantQueries) => Promise<Outcome<Value, Kind>>,
): Promise<Value> {
  requireDeclared(ctx, kind);
  const outcome = await ctx.db.write(async (queries) => {
    const done = await unit(queries);
    await recordChange(queries, ctx, kind, done);
    return done;
  });
  return announce(ctx.use(eventBus), kind, ctx.tenantId, outcome);
}

/** Like `mutate`, for tables that do not belong to one tenant. The audit row goes to the caller's tenant. */
export async function mutateSystem<Value, Kind extends EventKind>(
  ctx: Context,
  kind: Kind,
  unit: (queries: Kysely<Tables>) => Promise<Outcome<Value, Kind>>,
): Promise<Value> {
  requireDeclared(ctx, kind);
  const system = ctx.use(systemDatabase);
  const outcome = await system.write(async (queries) => {
    const done = await unit(queries);
    await recordChange(system.scope(queries, ctx.tenantId), ctx, kind, done);
    return done;
  });
  return announce(ctx.use(eventBus), kind, ctx.tenantId, outcome);
}

/** Makes a change on behalf of a job, an agent or a channel, with its audit row and event. */
export async function mutateAs<Value, Kind extends EventKind>(
  { db, actor, events, now }: Author,
  kind: Kind,
  unit: (queries: TenantQueries) => Promise<Outcome<Value, Kind>>,
): Promise<Value> {
  const outcome = await db.write(async (queries) => {
    const done = await unit(queries);
    if ("unchanged" in done) return done;
    const who = { ...describeActor(actor), ip: "" };
    await insertActivity(queries, { who, kind, entityId: done.entityId, details: done.details, at: toTimestamp(now) });
    await events.share(queries, kind, toEvent<Kind>(db.tenantId, done));
    return done;
  });
  return announce(events, kind, db.tenantId, outcome);
}

function requireDeclared({ operation }: Context, kind: EventKind): void {
  if (operation.audit === kind || operation.otherAudits?.includes(kind)) return;
  throw new Error(`${operation.name} makes the change ${kind.type}, which its audit rule does not declare`);
}

async function recordChange<Kind extends EventKind>(
  queries: TenantQueries,
  ctx: Context,
  kind: Kind,
  outcome: Outcome<unknown, Kind>,
): Promise<void> {
  const answer = "unchanged" in outcome ? outcome.unchanged : outcome.value;
  if (!("unchanged" in outcome)) {
    const { entityId, details } = outcome;
    // A known user is recorded as the author, rather than the credentials.
    const { type, id } = describeActor(ctx.actor);
    const who = ctx.isUserKnown ? { type: "user", id: ctx.userId } : { type, id: id || ctx.userId };
    const at = toTimestamp(ctx.clock.now());
    await insertActivity(queries, { who: { ...who, ip: ctx.clientIp }, kind, entityId, details, at });
    await ctx.use(eventBus).share(queries, kind, toEvent<Kind>(ctx.tenantId, outcome));
  }
  await ctx.idempotency?.markApplied(queries, toEffectAnswer(ctx.operation, answer));
}

function announce<Value, Kind extends EventKind>(
  events: EventBus,
  kind: Kind,
  tenantId: TenantId,
  outcome: Outcome<Value, Kind>,
): Value {
  if ("unchanged" in outcome) return outcome.unchanged;
  events.publish(kind, toEvent<Kind>(tenantId, outcome));
  return outcome.value;
}

function toEvent<Kind extends EventKind>(
  tenantId: TenantId,
  { entityId, details, eventOnly, userId, ...change }: Change<unknown, PayloadOf<Kind>>,
): Omit<EventOf<Kind>, "type"> {
  // Safe: the details have the type of the kind's payload.
  const event = {
    tenantId: change.tenantId ?? tenantId,
    entityId,
    userId,
    payload: eventOnly ? { ...(details as object), ...eventOnly } : details,
  };
  return event as unknown as Omit<EventOf<Kind>, "type">;
}
