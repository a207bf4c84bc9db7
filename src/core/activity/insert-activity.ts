import { newId } from "#base/ids.ts";
import { CHAIN_START, hashActivity } from "#core/activity/hash-activity.ts";
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

/**
 * Writes an audit row at the end of its tenant's chain. Runs in the transaction of the change itself, as its last step.
 * The end of the chain stays locked until the commit, so that no row is hashed before the one in front of it.
 */
export async function insertActivity(
  queries: TenantQueries,
  { who, kind, entityId, details, at }: Activity,
): Promise<void> {
  const empty = { seq: 0, hash: CHAIN_START, trimmed_seq: 0, trimmed_hash: CHAIN_START };
  const head = await queries.insertOrLock("activity_heads", empty, []);
  const row = {
    id: newId(),
    seq: head.seq + 1,
    actor_type: who.type,
    actor_id: who.id,
    action: kind.type,
    entity_type: kind.entity,
    entity_id: entityId,
    details: toJson(details),
    ip_address: who.ip,
    created_at: at,
  };
  const hash = hashActivity(head.hash, { ...row, tenant_id: queries.tenantId });
  await queries.insertInto("activity_logs", { ...row, hash }).execute();
  await queries.updateTable("activity_heads").set({ seq: row.seq, hash }).execute();
}
