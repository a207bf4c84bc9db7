import { AppError } from "#base/errors.ts";
import type { Scope } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";

/** The rights that a caller requests for a new key. */
export interface Grant {
  readonly scopes: readonly Scope[];
  /** The user to whom the new key is bound. */
  readonly ownerId: string | null;
  readonly expiresAt: string | null;
}

/** Throws 403 if a key requests a new key with more scopes, another user or a later expiry than its own. */
export function requireGrantable({ actor, userId }: Pick<Context, "actor" | "userId">, grant: Grant): void {
  if (actor.kind !== "api_key") return;
  const exceeding = grant.scopes.find((scope) => !holds(actor.scopes, scope));
  if (exceeding) throw new AppError("UNAUTHORIZED", "error.scope_exceeds", { scope: exceeding }, refused("scopes"));
  if (actor.expiresAt !== null && (grant.expiresAt === null || grant.expiresAt > actor.expiresAt)) {
    throw new AppError("UNAUTHORIZED", "error.expiry_exceeds", {}, refused("expires_in"));
  }
  if (actor.isBound && grant.ownerId !== userId) {
    throw new AppError("UNAUTHORIZED", "error.owner_exceeds", {}, refused("owner_id"));
  }
}

const refused = (field: string) => ({ status: 403, field }) as const;

const holds = (held: readonly Scope[], requested: Scope) => held.includes("operator.admin") || held.includes(requested);
