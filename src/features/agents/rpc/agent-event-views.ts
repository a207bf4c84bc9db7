import { defineEventView } from "#core/live/client-event.ts";
import { agentRegenerated, agentResummoned, agentSummoned } from "#features/agents/events.ts";

const started = ({ entityId }: { readonly entityId: string }) => ({
  event: "agent.summoning",
  payload: { type: "started", agent_id: entityId },
});

export const agentEventViews = [
  defineEventView(agentRegenerated, started),
  defineEventView(agentResummoned, started),
  defineEventView(agentSummoned, ({ entityId, payload: { outcome, error } }) => ({
    event: "agent.summoning",
    payload: { type: outcome, agent_id: entityId, ...(error !== undefined && { error }) },
  })),
];
