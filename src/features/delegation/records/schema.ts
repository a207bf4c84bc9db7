import { z } from "zod";
import { longPageFields, Timestamp, windowFields } from "#core/wire.ts";

const STATUSES = ["running", "completed", "failed", "cancelled"] as const;
const MODES = ["sync", "async"] as const;

export const DelegationRecord = z
  .object({
    id: z.string(),
    source_agent_id: z.string(),
    source_agent_key: z.string(),
    target_agent_id: z.string(),
    target_agent_key: z.string(),
    user_id: z.string(),
    task: z.string(),
    mode: z.enum(MODES),
    status: z.enum(STATUSES),
    result: z.string().optional().describe("The answer of the target"),
    error: z.string().optional(),
    iterations: z.int().describe("Model calls of the target"),
    trace_id: z.string().optional(),
    run_id: z.string().describe("The run of the target"),
    parent_run_id: z.string(),
    duration_ms: z.int().optional(),
    completed_at: Timestamp.optional(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "Delegation", description: "A task that an agent handed to another" });
export type DelegationRecord = z.infer<typeof DelegationRecord>;

export const DelegationList = z
  .object({ records: z.array(DelegationRecord), total: z.int(), limit: z.int(), offset: z.int() })
  .meta({ id: "DelegationList" });

export const ListDelegationsInput = z.object({
  agent_id: z.string().optional().describe("Id or key of an agent that handed on or received"),
  source_agent_id: z.string().optional().describe("Id or key"),
  target_agent_id: z.string().optional().describe("Id or key"),
  user_id: z.string().optional(),
  status: z.enum(STATUSES).optional(),
  mode: z.enum(MODES).optional(),
  ...windowFields,
  ...longPageFields,
});
export type ListDelegationsInput = z.infer<typeof ListDelegationsInput>;

export const DelegationPath = z.object({ id: z.string().describe("The id of the delegation") });
export type DelegationPath = z.infer<typeof DelegationPath>;
