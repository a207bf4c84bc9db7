import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Pair = z.object({ source_agent_key: z.string(), target_agent_key: z.string() });

export const agentLinkCreated = defineEvent({ type: "agent_link.created", entity: "agent_link", payload: Pair });
export const agentLinkUpdated = defineEvent({ type: "agent_link.updated", entity: "agent_link", payload: Pair });
export const agentLinkDeleted = defineEvent({ type: "agent_link.deleted", entity: "agent_link", payload: Pair });

/** Every kind of event about links of agents. */
export const agentLinkEvents = [agentLinkCreated, agentLinkUpdated, agentLinkDeleted];
