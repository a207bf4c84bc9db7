import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

export const responseDeleted = defineEvent({
  type: "response.deleted",
  entity: "response",
  payload: z.object({ session_key: z.string() }),
});
