import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

/** A client calls a tool. Published before the tool runs, so that a call is on record whatever it does. */
export const toolInvoked = defineEvent({
  type: "tool.invoked",
  entity: "tool",
  payload: z.object({ agent_key: z.string(), effect: z.string() }),
});
