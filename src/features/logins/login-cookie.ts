import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { signIn } from "#features/logins/sign-in.ts";

type Headers = Readonly<Record<string, string>>;

/** The browser keeps the cookie as long as a login can last. The gateway decides when it ends before that. */
export const setLoginCookie = (ctx: Context, value: string): Headers =>
  toHeaders(ctx, value, LIMITS.loginTimeMax / SECOND);

export const clearLoginCookie = (ctx: Context): Headers => toHeaders(ctx, "", 0);

/** `Secure` follows the page, because a browser drops such a cookie that comes over plain HTTP. */
function toHeaders(ctx: Context, value: string, maxAge: number): Headers {
  const isSecure = ctx.options.reach?.origin.startsWith("https:") ?? false;
  const { cookieName } = ctx.use(signIn);
  const cookie = `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}`;
  return { "Set-Cookie": isSecure ? `${cookie}; Secure` : cookie, "Cache-Control": "no-store" };
}
