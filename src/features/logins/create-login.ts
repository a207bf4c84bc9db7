import { toTimestamp } from "#base/clock.ts";
import { AppError, failedPrecondition, required } from "#base/errors.ts";
import type { MessageKey } from "#base/i18n/translate.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { admission } from "#core/access/admit.ts";
import { type Context, deriveContext, type Principal } from "#core/context.ts";
import { statusOf } from "#core/error-shape.ts";
import { mutate } from "#core/mutate.ts";
import { Reply } from "#core/reply.ts";
import type { LoginsTable } from "#db/access/access-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { describeCaller } from "#features/logins/describe-caller.ts";
import { endLoginOf } from "#features/logins/end-login.ts";
import { loginCreated } from "#features/logins/events.ts";
import { setLoginCookie } from "#features/logins/login-cookie.ts";
import { hashSecret, newSecret } from "#features/logins/login-secret.ts";
import { standingOf } from "#features/logins/offer-login.ts";
import type { CreateLoginInput } from "#features/logins/schema.ts";
import { signIn } from "#features/logins/sign-in.ts";
import { toLogin } from "#features/logins/to-login.ts";

/**
 * Signs a browser in, by the code of a link or by a credential. Ends the login that it had before. Throws 401 for a
 * code or a credential that is not valid, and counts it as a failed authentication of the address.
 */
export async function createLogin(ctx: Context, input: CreateLoginInput) {
  const { tokenMark, forTenant } = ctx.use(signIn);
  ctx.use(admission).requireReady();
  const { reach } = ctx.options;
  if (!reach?.isOwnPage) throw foreignPage();
  if (tokenMark === undefined) throw failedPrecondition("error.login_not_needed", {}, "login_not_needed");

  const principal = await authenticate(ctx, input);
  const caller = deriveContext(ctx, { ...principal, db: forTenant(principal.tenantId) });
  const cookie = newSecret("cookie");
  const fresh = newLogin(caller, cookie, reach.userAgent);
  const row = await mutate(caller, loginCreated, async (queries) => {
    const value = await (input.code ? redeemCode(queries, input.code, fresh) : storeLogin(queries, caller, fresh));
    const { id: entityId, user_id } = value;
    return { entityId, userId: user_id, value, details: { user_id } };
  });
  if (reach.loginCookie !== undefined) await endLoginOf(caller, reach.loginCookie);
  const signedIn = deriveContext(caller, { loginId: row.id });
  return new Reply(
    { login: toLogin(row, row.id), caller: await describeCaller(signedIn) },
    setLoginCookie(caller, cookie),
  );
}

async function authenticate(ctx: Context, { code, token, sender_id, user_id }: CreateLoginInput): Promise<Principal> {
  if (!code && !token && !sender_id) throw required("token");
  const proof = code
    ? { bearer: undefined, login: { kind: "code", text: code } as const }
    : { bearer: token || undefined, senderId: token ? undefined : sender_id };
  const credentials = { ...proof, userId: code ? undefined : user_id, tenantHint: undefined };
  try {
    return await ctx.use(signIn).authenticate(credentials);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "UNAUTHORIZED" || statusOf(thrown) !== 401) throw thrown;
    await ctx.use(admission).countFailedAuthentication(ctx.clientIp);
    throw code ? linkSpent() : refused("error.login_token_wrong", "wrong_token");
  }
}

type NewLogin = Pick<
  LoginsTable,
  "secret_hash" | "status" | "user_agent" | "ip" | "last_used_at" | "expires_at" | "created_at" | "updated_at"
>;

function newLogin({ clock, clientIp }: Context, cookie: string, userAgent: string): NewLogin {
  const now = clock.now();
  const at = toTimestamp(now);
  return {
    secret_hash: hashSecret({ kind: "cookie", text: cookie }) ?? "",
    status: "open",
    user_agent: headOf(userAgent.replaceAll(/[^\P{C} ]/gu, ""), LIMITS.userAgentChars),
    ip: clientIp,
    ...{ last_used_at: at, created_at: at, updated_at: at },
    expires_at: toTimestamp(new Date(now.getTime() + LIMITS.loginTime)),
  };
}

/** Makes a link the login of one browser. The lock of its row decides between two that hold its code. */
async function redeemCode(queries: TenantQueries, code: string, fresh: NewLogin): Promise<LoginsTable> {
  const row = await queries
    .selectForUpdate("logins")
    .selectAll()
    .where("secret_hash", "=", hashSecret({ kind: "code", text: code }) ?? "")
    .where("status", "=", "offered")
    .where("expires_at", ">", fresh.created_at)
    .executeTakeFirst();
  if (!row) throw linkSpent();
  await queries.updateTable("logins").set(fresh).where("id", "=", row.id).execute();
  return { ...row, ...fresh };
}

async function storeLogin(queries: TenantQueries, caller: Context, fresh: NewLogin): Promise<LoginsTable> {
  const row = { id: newId(), ...standingOf(caller), ...fresh };
  await queries.deleteFrom("logins").where("expires_at", "<=", fresh.created_at).execute();
  await queries.insertInto("logins", row).execute();
  return { ...row, tenant_id: caller.tenantId };
}

type Refusal = Extract<MessageKey, "error.login_link_spent" | "error.login_token_wrong">;

const refused = (key: Refusal, reason: string) => new AppError("UNAUTHORIZED", key, {}, { reason });

const linkSpent = () => refused("error.login_link_spent", "link_spent");

const foreignPage = () =>
  new AppError("UNAUTHORIZED", "error.login_foreign_page", {}, { status: 403, reason: "foreign_page" });
