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

/** Every kind of event about agents. */
export const agentEvents = [agentCreated, agentUpdated, agentDeleted, agentShared, agentShareRevoked];
