import type { TenantId } from "#base/ids.ts";
import type { Bit } from "#db/values.ts";

// Tables of `src/core`: what every feature stands on.

/**
 * `owner` is the process of the first call. In state `applied`, the effect is committed but the answer is not stored.
 */
export interface IdempotencyKeysTable {
  tenant_id: TenantId;
  principal: string;
  route: string;
  key: string;
  request_hash: string;
  state: "running" | "applied" | "done";
  owner: string;
  answer: string | null;
  run_id: string | null;
  created_at: string;
  expires_at: string;
}

/**
 * `attempt` is a fencing token: a worker whose lease has expired cannot write. `must_repeat` is 1 if the job was
 * enqueued again while it ran.
 */
export interface JobsTable {
  id: string;
  tenant_id: TenantId;
  name: string;
  /** At most one live job of a tenant has this name and key. */
  key: string | null;
  payload: string;
  run_at: string;
  attempt: number;
  max_attempts: number;
  lease_owner: string | null;
  lease_until: string | null;
  must_repeat: Bit;
  /** The error of the last failed attempt. */
  error: string | null;
  /** Set when the last attempt failed. A dead job stays in the table, so the operator can see it. */
  dead_at: string | null;
  created_at: string;
}

/** A running gateway. `home_mark` identifies its home directory on its machine. */
export interface NodesTable {
  node_id: string;
  boot_id: string;
  home_mark: string;
  lease_until: string;
}

/** A recent change for the other nodes. `node` is the process that made it, and `event` is JSON. */
export interface DomainEventsTable {
  id: string;
  tenant_id: TenantId;
  node: string;
  event: string;
  created_at: string;
}
