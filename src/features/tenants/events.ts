import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Named = z.object({ slug: z.string() });
const Member = z.object({ user_id: z.string() });

export const tenantCreated = defineEvent({ type: "tenant.created", entity: "tenant", payload: Named });
export const tenantUpdated = defineEvent({
  type: "tenant.updated",
  entity: "tenant",
  payload: z.object({ changed: z.array(z.string()).describe("The names of the changed fields") }),
});
export const tenantDeleted = defineEvent({ type: "tenant.deleted", entity: "tenant", payload: Named });
export const tenantUserSet = defineEvent({
  type: "tenant.user_set",
  entity: "tenant",
  payload: Member.extend({ role: z.string() }),
});
export const tenantUserRemoved = defineEvent({ type: "tenant.user_removed", entity: "tenant", payload: Member });

/** Every kind of event about tenants. */
export const tenantEvents = [tenantCreated, tenantUpdated, tenantDeleted, tenantUserSet, tenantUserRemoved];
