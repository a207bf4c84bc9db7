import { newId } from "#base/ids.ts";
import type { EventKind } from "#core/events/events.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toJson } from "#db/values.ts";

/** One row of the activity log. */
export interface Activity {
  readonly who: { readonly type: string; readonly id: string; readonly ip: string };
  readonly kind: EventKind;
  readonly entityId: string;
  readonly details: unknown;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** Writes an audit row. Runs in the transaction of the change itself. */
export async function insertActivity(
  queries: TenantQueries,
  { who, kind, entityId, details, at }: Activity,
): Promise<void> {
  await queries
    .insertInto("activity_logs", {
      id: newId(),
      actor_type: who.type,
      actor_id: who.id,
      action: kind.type,
      entity_type: kind.entity,
      entity_id: entityId,
      details: toJson(details),
      ip_address: who.ip,
      created_at: at,
    })
    .execute();
}
