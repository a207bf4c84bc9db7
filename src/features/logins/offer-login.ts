import { toTimestamp } from "#base/clock.ts";
import { permissionDenied } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { type Author, mutate, mutateAs } from "#core/mutate.ts";
import type { LoginsTable } from "#db/access/access-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";
import { loginOffered } from "#features/logins/events.ts";
import { hashSecret, newSecret } from "#features/logins/login-secret.ts";
import type { LoginLink } from "#features/logins/schema.ts";
import { signIn } from "#features/logins/sign-in.ts";

/**
 * The credential that a login stands for, with its user and tenant. Where no user was named, it keeps the placeholder,
 * so that a browser can work although its requests name nobody.
 */
export type Standing = Pick<LoginsTable, "api_key_id" | "device_id" | "token_mark" | "user_id" | "names_tenant">;

/** Returns what a login of the caller stands for. Throws 403 for callers with a credential that no login may have. */
export function standingOf(ctx: Context): Standing {
  const { actor, userId, isTenantNamed } = ctx;
  const named = {
    ...{ user_id: userId, names_tenant: toBit(isTenantNamed) },
    ...{ api_key_id: null, device_id: null, token_mark: null },
  };
  if (actor.kind === "api_key") return { ...named, api_key_id: actor.keyId };
  if (actor.kind === "device") return { ...named, device_id: actor.deviceId };
  const { tokenMark } = ctx.use(signIn);
  if (actor.kind === "gateway" && tokenMark) return { ...named, token_mark: tokenMark };
  throw permissionDenied(`${ctx.operation.name} requires the gateway token, an API key or a paired browser`);
}

/** Makes a link that signs a browser in as the caller, once. Where nobody has to sign in, it is the plain address. */
export async function createLink(ctx: Context): Promise<LoginLink> {
  const origin = ctx.options.reach?.origin ?? "";
  if (ctx.actor.kind === "device")
    throw permissionDenied(`${ctx.operation.name} requires the gateway token or an API key`);
  if (ctx.actor.kind === "anonymous") return { url: `${origin}/`, expires_at: null };
  const offer = newOffer(standingOf(ctx), ctx.clock.now());
  const stored = await mutate(ctx, loginOffered, async (queries) => ({
    ...(await storeOffer(queries, offer)),
    value: { expires_at: offer.expiresAt },
  }));
  return { ...stored, url: toLink(origin, offer.code) };
}

/** Makes a link on behalf of the gateway itself. */
export async function offerLogin(author: Author, origin: string, standing: Standing): Promise<string> {
  const offer = newOffer(standing, author.now);
  await mutateAs(author, loginOffered, (queries) => storeOffer(queries, offer));
  return toLink(origin, offer.code);
}

/** The code is in the fragment, which browsers send to nobody, so it comes into no log. */
const toLink = (origin: string, code: string) => `${origin}/#sign-in=${code}`;

interface Offer {
  readonly code: string;
  readonly standing: Standing;
  readonly at: string;
  readonly expiresAt: string;
}

const newOffer = (standing: Standing, now: Date): Offer => ({
  code: newSecret("code"),
  standing,
  at: toTimestamp(now),
  expiresAt: toTimestamp(new Date(now.getTime() + LIMITS.loginLinkTime)),
});

/** Stores a link, and removes what is over. */
async function storeOffer(queries: TenantQueries, { code, standing, at, expiresAt }: Offer) {
  const id = newId();
  await queries.deleteFrom("logins").where("expires_at", "<=", at).execute();
  await queries
    .insertInto("logins", {
      ...{ id, secret_hash: hashSecret({ kind: "code", text: code }) ?? "", status: "offered", ...standing },
      ...{ user_agent: "", ip: "", last_used_at: at, expires_at: expiresAt, created_at: at, updated_at: at },
    })
    .execute();
  const { user_id } = standing;
  return { entityId: id, userId: user_id, value: undefined, details: { user_id } };
}
