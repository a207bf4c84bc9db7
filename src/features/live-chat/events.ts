import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

/** Somebody put words of the agent into a session. */
export const messageInjected = defineEvent({
  type: "session.message_injected",
  entity: "session",
  payload: z.object({ key: z.string() }),
});
