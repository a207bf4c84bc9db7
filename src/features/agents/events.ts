import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Named = z.object({ agent_key: z.string() });
const Shared = z.object({ user_id: z.string() });

export const agentCreated = defineEvent({ type: "agent.created", entity: "agent", payload: Named });
export const agentUpdated = defineEvent({
  type: "agent.updated",
  entity: "agent",
  payload: z.object({ changed: z.array(z.string()).describe("The names of the changed fields") }),
});
export const agentDeleted = defineEvent({ type: "agent.deleted", entity: "agent", payload: Named });
export const agentShared = defineEvent({
  type: "agent.shared",
  entity: "agent",
  payload: Shared.extend({ role: z.string() }),
});
export const agentShareRevoked = defineEvent({ type: "agent.share_revoked", entity: "agent", payload: Shared });

export const agentRegenerated = defineEvent({ type: "agent.regenerated", entity: "agent", payload: Named });
export const agentResummoned = defineEvent({ type: "agent.resummoned", entity: "agent", payload: Named });
export const agentSummonCancelled = defineEvent({ type: "agent.summon_cancelled", entity: "agent", payload: Named });
export const agentSummoned = defineEvent({
  type: "agent.summoned",
  entity: "agent",
  payload: z.object({
    outcome: z.enum(["completed", "failed"]),
    files: z.array(z.string()).describe("The files that were written"),
    error: z.string().optional(),
  }),
});

export const agentFileWritten = defineEvent({
  type: "agent.file_written",
  entity: "agent",
  payload: z.object({ file: z.string() }),
});

/** Every kind of event about agents. */
export const agentEvents = [
  ...[agentCreated, agentUpdated, agentDeleted, agentShared, agentShareRevoked],
  ...[agentRegenerated, agentResummoned, agentSummonCancelled, agentSummoned, agentFileWritten],
];
