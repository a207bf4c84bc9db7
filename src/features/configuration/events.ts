import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

export const configUpdated = defineEvent({
  type: "config.updated",
  entity: "config",
  payload: z.object({ changed: z.array(z.string()).describe("The keys whose values changed, such as gateway.port") }),
});
