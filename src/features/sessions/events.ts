import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";
import { sessionUpdated } from "#runtime/transcript/index.ts";

const Keyed = z.object({ key: z.string() });

export const sessionDeleted = defineEvent({ type: "session.deleted", entity: "session", payload: Keyed });
export const sessionBranched = defineEvent({
  type: "session.branched",
  entity: "session",
  payload: Keyed.extend({ from: z.string().describe("The key of the other session"), message_id: z.string() }),
});
export const sessionReset = defineEvent({ type: "session.reset", entity: "session", payload: Keyed });
export const sessionCompacted = defineEvent({
  type: "session.compacted",
  entity: "session",
  payload: Keyed.extend({ messages: z.int().describe("How many messages the summary covers") }),
});

/** Every kind of event about sessions. */
export const sessionEvents = [sessionUpdated, sessionDeleted, sessionBranched, sessionReset, sessionCompacted];
