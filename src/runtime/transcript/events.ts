import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

/** A session has a new label or new metadata. */
export const sessionUpdated = defineEvent({
  type: "session.updated",
  entity: "session",
  payload: z.object({ key: z.string(), label: z.string().optional() }),
});
