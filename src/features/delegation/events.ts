import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Pair = z.object({ source_agent_key: z.string(), target_agent_key: z.string() });

export const agentLinkCreated = defineEvent({ type: "agent_link.created", entity: "agent_link", payload: Pair });
export const agentLinkUpdated = defineEvent({ type: "agent_link.updated", entity: "agent_link", payload: Pair });
export const agentLinkDeleted = defineEvent({ type: "agent_link.deleted", entity: "agent_link", payload: Pair });

/** Every kind of event about links of agents. */
export const agentLinkEvents = [agentLinkCreated, agentLinkUpdated, agentLinkDeleted];

const Task = Pair.extend({
  source_agent_id: z.string(),
  target_agent_id: z.string(),
  mode: z.string(),
  status: z.enum(["running", "completed", "failed", "cancelled"]),
  task: z.string().optional(),
  error: z.string().optional(),
  elapsed_ms: z.int().optional(),
  created_at: z.string(),
});

/** An agent handed a task to another. */
export const delegationStarted = defineEvent({ type: "delegation.started", entity: "delegation", payload: Task });
/** The task has ended, in whatever way. */
export const delegationEnded = defineEvent({ type: "delegation.ended", entity: "delegation", payload: Task });
