import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const payload = z.object({ user_id: z.string() });
export const instanceUpdated = defineEvent({ type: "instance.updated", entity: "agent", payload });
