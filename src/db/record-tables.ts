import type { TenantId } from "#base/ids.ts";

// The append-only tables. Their rows never change.

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
  created_at: string;
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
