import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

export const toolUpdated = defineEvent({
  type: "tool.updated",
  entity: "tool",
  payload: z.object({
    enabled: z.boolean(),
    changed: z.array(z.string()).describe("The names of the changed settings"),
  }),
});

/** Every kind of event about built-in tools. */
export const builtinToolEvents = [toolUpdated];
