import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Named = z.object({ name: z.string(), prefix: z.string() });

export const apiKeyCreated = defineEvent({
  type: "api_key.created",
  entity: "api_key",
  payload: Named.extend({ scopes: z.array(z.string()) }),
});
export const apiKeyRevoked = defineEvent({ type: "api_key.revoked", entity: "api_key", payload: Named });

/** Every kind of event about API keys. */
export const apiKeyEvents = [apiKeyCreated, apiKeyRevoked];
