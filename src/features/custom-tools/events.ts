import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Named = z.object({ name: z.string(), agent_id: z.string().nullable() });

export const customToolCreated = defineEvent({ type: "custom_tool.created", entity: "custom_tool", payload: Named });
export const customToolUpdated = defineEvent({
  type: "custom_tool.updated",
  entity: "custom_tool",
  payload: Named.extend({ changed: z.array(z.string()).describe("The names of the changed fields") }),
});
export const customToolDeleted = defineEvent({ type: "custom_tool.deleted", entity: "custom_tool", payload: Named });

/** Every kind of event about custom tools. */
export const customToolEvents = [customToolCreated, customToolUpdated, customToolDeleted];
