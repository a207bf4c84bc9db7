import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Named = z.object({ name: z.string() });

export const providerCreated = defineEvent({
  type: "provider.created",
  entity: "provider",
  payload: Named.extend({ type: z.string() }),
});
export const providerUpdated = defineEvent({
  type: "provider.updated",
  entity: "provider",
  payload: Named.extend({
    changed: z.array(z.string()).describe("The names of the changed fields"),
    new_key: z.boolean().describe("True if the API key was replaced"),
  }),
});
export const providerDeleted = defineEvent({ type: "provider.deleted", entity: "provider", payload: Named });

/** Every kind of event about model providers. */
export const providerEvents = [providerCreated, providerUpdated, providerDeleted];
