import { addressGroup } from "#base/address-group.ts";
import { AppError } from "#base/errors.ts";
import { requireAccess } from "#core/access/access.ts";
import { type RateLimiter, rateLimited } from "#core/access/rate-limiter.ts";
import type { Context } from "#core/context.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { Lifecycle } from "#core/platform.ts";
import { defineService } from "#core/service.ts";

export interface AdmissionRules {
  readonly lifecycle: Lifecycle;
  readonly limiter: RateLimiter;
  /** `all` counts every call. `runs` counts only calls that start a run or a tool. */
  readonly rateScope: () => "all" | "runs";
}

/** The checks that every transport makes before `execute`. */
export interface Admission {
  /** Throws `UNAVAILABLE` unless the gateway is ready. Transports call this before they authenticate the caller. */
  requireReady(): void;
  /**
   * Throws if the gateway is not ready, or if the caller lacks access or exceeds its rate. Otherwise counts the call.
   */
  admit(ctx: Context, operation: AnyOperation): Promise<void>;
  /** Counts a failed authentication of an address. Throws `RESOURCE_EXHAUSTED` if the address exceeds its rate. */
  countFailedAuthentication(clientIp: string): Promise<void>;
}

export const admission = defineService<Admission>("admission");

export function createAdmission({ lifecycle, limiter, rateScope }: AdmissionRules): Admission {
  const requireReady = () => {
    const { state } = lifecycle;
    if (state === "ready") return;
    const key = state === "draining" ? "error.shutting_down" : "error.unavailable";
    throw new AppError("UNAVAILABLE", key, {}, { reason: state });
  };
  const take = async (key: string) => {
    if (!(await limiter.take(key))) throw rateLimited();
  };
  return {
    requireReady,
    async admit(ctx, { access }) {
      // Public operations show nothing private and bound what strangers can do, so they are served in every state.
      if (access === "public") return;
      requireReady();
      requireAccess(ctx, access);
      // On a lasting connection, calls that start no run are bounded by the number in progress.
      const countsAll = rateScope() === "all" && ctx.options.live === undefined;
      const isCounted = access.rate === "run" || (access.rate === "standard" && countsAll);
      if (isCounted) await take(rateKey(ctx));
    },
    countFailedAuthentication: (clientIp) => take(`failed:${addressGroup(clientIp)}`),
  };
}

/**
 * Returns the key of the rate limit: the paired browser, or the user of a tenant, or else the API key, or else the
 * address. A call with the gateway token that names no user counts for the user `system`. Failed authentications have
 * keys of their own, so a stranger cannot use up the rate of a valid caller.
 */
function rateKey(ctx: Context): string {
  const { actor, isUserKnown, tenantId, userId } = ctx;
  // A browser may name any user, and has one rate for all of them.
  if (actor.kind === "device") return `device:${actor.deviceId}`;
  if (isUserKnown || actor.kind === "gateway") return `user:${tenantId}:${userId}`;
  return actor.kind === "api_key" ? `key:${actor.keyId}` : `ip:${addressGroup(ctx.clientIp)}`;
}
