import type { TenantId } from "#base/ids.ts";

// The tables of tasks that agents hand to each other.

/** The permission of an agent to hand tasks to another. `settings` says for which users. */
export interface AgentLinksTable {
  id: string;
  tenant_id: TenantId;
  source_agent_id: string;
  target_agent_id: string;
  direction: string;
  description: string;
  max_concurrent: number;
  settings: string;
  status: string;
  created_by: string;
  created_at: string;
  updated_at: string;
}

/**
 * A task that was handed on. `path` holds the ids of the agents above the target. `session_key` is where the result of
 * an asynchronous one goes, and `delivered_at` when it went there.
 */
export interface DelegationsTable {
  id: string;
  tenant_id: TenantId;
  source_agent_id: string;
  target_agent_id: string;
  source_agent_key: string;
  target_agent_key: string;
  user_id: string;
  task: string;
  mode: string;
  label: string;
  status: string;
  result: string | null;
  error: string | null;
  iterations: number;
  path: string;
  parent_run_id: string;
  parent_call_id: string;
  session_key: string;
  child_run_id: string;
  trace_id: string | null;
  duration_ms: number | null;
  completed_at: string | null;
  delivered_at: string | null;
  created_at: string;
  updated_at: string;
}
