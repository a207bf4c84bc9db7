import type { TenantId } from "#base/ids.ts";
import type { Bit } from "#db/values.ts";

// The records of what happened. Their rows hardly ever change.

export interface SpansTable {
  id: string;
  tenant_id: TenantId;
  trace_id: string;
  parent_span_id: string | null;
  run_id: string;
  agent_id: string;
  span_type: string;
  name: string;
  status: string;
  error: string | null;
  model: string | null;
  provider: string | null;
  input_tokens: number;
  output_tokens: number;
  cost: number;
  finish_reason: string | null;
  tool_name: string | null;
  tool_call_id: string | null;
  /** What was given, without secrets and shortened. Empty once the texts of the session are deleted. */
  input_preview: string;
  output_preview: string;
  metadata: string;
  started_at: string;
  ended_at: string;
  duration_ms: number;
}

export interface UsageRecordsTable {
  id: string;
  tenant_id: TenantId;
  run_id: string;
  agent_id: string;
  session_id: string;
  user_id: string;
  provider: string;
  model: string;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  reasoning_tokens: number;
  cost: number;
  /** 1 for usage of no run that is part of `usage_rollups`. For that of a run, the run says so. */
  is_counted: Bit;
  created_at: string;
}

/**
 * Sums of usage. `bucket` is the number of the first quarter of an hour since 1970, and `grain` says how many it spans.
 * Where the grain does not name users, the sum is that of all users and `user_id` is empty. `time-quarter` names
 * nothing but its time. Money is in billionths of a US dollar, so that sums are exact.
 */
export interface UsageRollupsTable {
  tenant_id: TenantId;
  grain: "quarter" | "day" | "user-quarter" | "user-day" | "time-quarter";
  bucket: number;
  user_id: string;
  agent_id: string;
  channel: string;
  provider: string;
  model: string;
  requests: number;
  errors: number;
  duration_ms: number;
  tool_calls: number;
  llm_calls: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  reasoning_tokens: number;
  cost_nanos: number;
}

/**
 * Who made requests at a time, and of what kind. `grain` and `bucket` are those of sums. Users by time alone have rows
 * of their own, with a grain that begins with `time-` and without a kind. `previous` is the last bucket before it in which
 * the user has a row of the grain `time-quarter`, 0 if there is none. Rows of other grains have none.
 */
export interface UsageUsersTable {
  tenant_id: TenantId;
  grain: "quarter" | "day" | "time-quarter" | "time-day";
  bucket: number;
  user_id: string;
  agent_id: string;
  channel: string;
  provider: string;
  model: string;
  previous: number | null;
}

/** A tenant whose older usage is not in `usage_users` and the sums by time alone yet, from the bucket `next_bucket` on. */
export interface UsageRebuildsTable {
  tenant_id: TenantId;
  next_bucket: number;
}

export interface ActivityLogsTable {
  id: string;
  tenant_id: TenantId;
  actor_type: string;
  actor_id: string;
  action: string;
  entity_type: string;
  entity_id: string;
  details: string | null;
  ip_address: string;
  created_at: string;
  /** The number of the row in its tenant, and the hash of the row and all before it. See `hashActivity`. */
  seq: number;
  hash: string;
}

/** The end of a tenant's activity log, and where the log begins after old rows were deleted. */
export interface ActivityHeadsTable {
  tenant_id: TenantId;
  seq: number;
  hash: string;
  trimmed_seq: number;
  trimmed_hash: string;
}

/** A file that a user uploaded. `blob` is the id of its bytes in the blob store. It never changes. */
export interface MediaTable {
  id: string;
  tenant_id: TenantId;
  user_id: string;
  name: string;
  mime_type: string;
  blob: string;
  size: number;
  created_at: string;
}
