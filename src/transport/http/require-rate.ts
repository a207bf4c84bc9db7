import type { AccessRule } from "#core/access.ts";
import type { Context } from "#core/context.ts";
import { type RateLimiter, rateLimited } from "#core/rate-limiter.ts";
import { addressGroup } from "#transport/http/client-ip.ts";

export interface RateRules {
  readonly limiter: RateLimiter;
  /** `all` counts every call, `runs` only those that start a run or a tool. */
  readonly scope: "all" | "runs";
}

/** Counts the call against its user within the tenant, else its key, else its address; throws 429 past the limit. */
export async function requireRate(ctx: Context, { rate }: AccessRule, { limiter, scope }: RateRules): Promise<void> {
  if (rate === "none" || (scope === "runs" && rate !== "run")) return;
  if (!(await limiter.take(rateKey(ctx)))) throw rateLimited();
}

/** A failed authentication counts against the address it came from. */
export async function requireRateAfterFailure(clientIp: string, { limiter }: RateRules): Promise<void> {
  if (!(await limiter.take(`ip:${addressGroup(clientIp)}`))) throw rateLimited();
}

function rateKey(ctx: Context): string {
  const { actor, isUserKnown, tenantId, userId } = ctx;
  if (isUserKnown) return `user:${tenantId}:${userId}`;
  return actor.kind === "api_key" ? `key:${actor.keyId}` : `ip:${addressGroup(ctx.clientIp)}`;
}
