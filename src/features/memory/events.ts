import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const payload = z.object({
  agent_id: z.string(),
  user_id: z.string().describe("Empty for a document that all users of the agent share"),
  path: z.string(),
});

export const memoryCreated = defineEvent({ type: "memory.created", entity: "memory", payload });
export const memoryUpdated = defineEvent({ type: "memory.updated", entity: "memory", payload });
export const memoryDeleted = defineEvent({ type: "memory.deleted", entity: "memory", payload });
export const memoryIndexed = defineEvent({
  type: "memory.indexed",
  entity: "agent",
  payload: z.object({ documents: z.int().describe("How many documents were indexed again") }),
});

/** Every kind of event after which an agent may remember something else. */
export const memoryEvents = [memoryCreated, memoryUpdated, memoryDeleted];
