import { AppError, permissionDenied } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Actor } from "#core/access/actor.ts";
import type { Context } from "#core/context.ts";

export const ROLES = ["viewer", "operator", "admin", "owner"] as const;
export type Role = (typeof ROLES)[number];

/** The scopes that a key may hold. `admin`, `write` and `read` are accepted as short names of the first three. */
export const SCOPES = [
  "operator.admin",
  "operator.write",
  "operator.read",
  "operator.approvals",
  "operator.pairing",
  "operator.provision",
] as const;
export type Scope = (typeof SCOPES)[number];

const ROLE_OF_SCOPE: Record<Scope, Role> = {
  "operator.admin": "admin",
  "operator.write": "operator",
  "operator.approvals": "operator",
  "operator.pairing": "operator",
  "operator.read": "viewer",
  "operator.provision": "viewer",
};

/** The scopes of every paired browser. */
const DEVICE_SCOPES: readonly Scope[] = ["operator.read", "operator.write"];

/** The scopes that satisfy each level of an access rule. */
const SUFFICIENT_SCOPES: Record<AccessRule["scope"], readonly Scope[]> = {
  read: SCOPES,
  write: ["operator.write", "operator.admin"],
  admin: ["operator.admin"],
};

/** The rule for who may call an operation. The gateway refuses to start if an operation has no rule. */
export interface AccessRule {
  readonly role: Role;
  /** Checked for API keys and paired browsers, in addition to their role. */
  readonly scope: "read" | "write" | "admin";
  /**
   * `scoped`: every tenant, for its own data. `master`: the master tenant only. `system`: owners of the gateway only.
   */
  readonly tenant: "scoped" | "master" | "system";
  /** How the rate limiter counts a call. `run` is for calls that start a run or a tool. */
  readonly rate: "standard" | "run" | "none";
}

/** The access rules that most operations share. */
export const ACCESS = {
  read: { role: "viewer", scope: "read", tenant: "scoped", rate: "standard" },
  write: { role: "operator", scope: "write", tenant: "scoped", rate: "standard" },
  /** For calls that start a run or a tool, or that write to people. */
  run: { role: "operator", scope: "write", tenant: "scoped", rate: "run" },
  administer: { role: "admin", scope: "admin", tenant: "scoped", rate: "standard" },
  /** For owners of the gateway. */
  own: { role: "owner", scope: "admin", tenant: "system", rate: "standard" },
} as const satisfies Record<string, AccessRule>;

export const hasRole = (ctx: Pick<Context, "role">, needed: Role): boolean =>
  ROLES.indexOf(ctx.role) >= ROLES.indexOf(needed);

/** Returns the highest role that the scopes give. Returns viewer for no scopes. Never returns owner. */
export function roleOfScopes(scopes: readonly Scope[]): Role {
  const ranks = scopes.map((scope) => ROLES.indexOf(ROLE_OF_SCOPE[scope]));
  return ROLES[Math.max(0, ...ranks)] ?? "viewer";
}

/** Returns the scopes to which an actor is confined, or undefined if its role alone decides. */
function scopesOf(actor: Actor): readonly Scope[] | undefined {
  if (actor.kind === "device") return DEVICE_SCOPES;
  return actor.kind === "api_key" ? actor.scopes : undefined;
}

/** Throws `UNAUTHORIZED` with status 403 unless the caller satisfies the rule. */
export function requireAccess(ctx: Context, rule: AccessRule): void {
  const needed = rule.tenant === "system" ? "owner" : rule.role;
  if (!hasRole(ctx, needed)) throw permissionDenied(`${ctx.operation.name} requires the ${needed} role`);
  const scopes = scopesOf(ctx.actor);
  if (scopes && !scopes.some((scope) => SUFFICIENT_SCOPES[rule.scope].includes(scope))) {
    throw permissionDenied(`${ctx.operation.name} requires the ${rule.scope} scope`);
  }
  if (rule.tenant === "master" && !hasRole(ctx, "owner") && ctx.tenantId !== MASTER_TENANT_ID) {
    throw new AppError("UNAUTHORIZED", "error.master_scope_required", {}, { status: 403 });
  }
}
