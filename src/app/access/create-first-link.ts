import type { Config } from "#app/config/schema.ts";
import type { Gateway } from "#app/create-gateway.ts";
import { systemClock } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { SYSTEM_USER } from "#core/access/authenticate.ts";
import { eventBus } from "#core/events/events.ts";
import { offerLogin, signIn } from "#features/logins/index.ts";

/** Makes a link that signs the operator in. Returns undefined where nobody has to sign in. */
export async function createFirstLink(
  { services, database }: Pick<Gateway, "services" | "database">,
  { owner_ids, default_user_id }: Config["gateway"],
  origin: string,
): Promise<string | undefined> {
  const { tokenMark } = services.use(signIn);
  if (tokenMark === undefined) return undefined;
  const actor = { kind: "gateway" } as const;
  const db = database.forTenant(MASTER_TENANT_ID);
  const author = { db, actor, events: services.use(eventBus), now: systemClock.now() };
  const user_id = default_user_id ?? owner_ids[0] ?? SYSTEM_USER;
  return offerLogin(author, origin, {
    ...{ api_key_id: null, device_id: null, token_mark: tokenMark, user_id, names_tenant: 0 },
  });
}
