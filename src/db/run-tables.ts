import type { TenantId } from "#base/ids.ts";
import type { Bit } from "#db/values.ts";

// The tables of conversations and of the runs that write them.

/**
 * A session points into a tree of messages. Its transcript is the path from the root to `head_id`. The model reads
 * `summary`, then the messages after `summary_until_id`. `text_bytes` is the size of that text. `is_named` is 0
 * while its key is only the gateway's. Such a session ends by retention. `search_text` has what a search looks at.
 */
export interface SessionsTable {
  id: string;
  tenant_id: TenantId;
  key: string;
  is_named: Bit;
  agent_id: string;
  user_id: string;
  channel: string;
  label: string;
  metadata: string;
  head_id: string | null;
  active_run_id: string | null;
  summary: string;
  summary_until_id: string | null;
  compaction_count: number;
  message_count: number;
  text_bytes: number;
  input_tokens: number;
  output_tokens: number;
  created_at: string;
  updated_at: string;
  search_text: string;
}

/** A piece of a message's parts as JSON, for a message whose `parts` are `IN_PIECES`. */
export interface MessagePiecesTable {
  tenant_id: TenantId;
  message_id: string;
  position: number;
  piece: string;
}

/** A blob that a message names. */
export interface MessageBlobsTable {
  tenant_id: TenantId;
  message_id: string;
  blob: string;
}

/** A message never changes, except for the mark that a provider refused it. `depth` is its distance from the root. */
export interface MessagesTable {
  id: string;
  tenant_id: TenantId;
  session_id: string;
  parent_id: string | null;
  depth: number;
  role: string;
  parts: string;
  run_id: string | null;
  is_complete: Bit;
  refused: string | null;
  created_at: string;
}

/**
 * `attempt` is a fencing token: every write of a run names its attempt, and a write with an older attempt is
 * refused. `deaths` counts the attempts whose process died. `pending_input` holds the messages of a run that waits for
 * its session. They join the transcript when the run gets the session.
 */
export interface RunsTable {
  id: string;
  tenant_id: TenantId;
  agent_id: string;
  agent_key: string;
  session_id: string;
  session_key: string;
  user_id: string;
  kind: string;
  status: string;
  is_attached: Bit;
  is_resumable: Bit;
  finish: string | null;
  attempt: number;
  deaths: number;
  queue_priority: number;
  lease_owner: string | null;
  lease_until: string | null;
  cancel_reason: string | null;
  last_seq: number;
  pending_input: string | null;
  /** The last message of the input. Null until the run holds its session, and for a run that was stored before 0042. */
  input_message_id: string | null;
  input_preview: string;
  options: string;
  output: string | null;
  error: string | null;
  answered_by: string | null;
  usage: string;
  cost: number;
  trace_id: string;
  parent_run_id: string | null;
  metadata: string;
  /** The door that the run came in by, such as `http`. */
  channel: string;
  /** From its creation to its end, in milliseconds. Null while the run is open, as the counts below are 0. */
  duration_ms: number | null;
  /** Calls of the gateway's own tools. */
  tool_calls: number;
  input_tokens: number;
  output_tokens: number;
  /** 1 once its usage is part of `usage_rollups`. */
  is_counted: Bit;
  /** The W3C trace context of the caller. */
  trace_parent: string | null;
  /** What the caller's trace carries along, if it has a context. */
  trace_state: string | null;
  created_at: string;
  started_at: string | null;
  /** Null while the run is open: queued, running or waiting. */
  ended_at: string | null;
}

/** Messages that steer a running run. `message_id` is set when they have joined the transcript. */
export interface RunInputsTable {
  id: string;
  tenant_id: TenantId;
  run_id: string;
  messages: string;
  message_id: string | null;
  created_at: string;
}

export interface RunEventsTable {
  run_id: string;
  /** The number of the last event in the row. */
  seq: number;
  tenant_id: TenantId;
  /** The events of one transaction in their order, as a JSON list. */
  events: string;
  created_at: string;
}

export interface ToolCallsTable {
  id: string;
  tenant_id: TenantId;
  run_id: string;
  message_id: string;
  position: number;
  name: string;
  arguments: string;
  effect: string;
  state: "pending" | "running" | "done" | "unknown" | "client";
  result: string | null;
  /** The images of the result, as JSON. */
  images: string | null;
  is_error: Bit;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

/**
 * A run that the Responses API shows, by the run's id. `request` is what the response repeats of its request.
 * `created_by` is the caller, who may act for another user.
 */
export interface ResponsesTable {
  id: string;
  tenant_id: TenantId;
  session_id: string;
  created_by: string;
  request: string;
  created_at: string;
}
