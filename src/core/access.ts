import { AppError, permissionDenied } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Context } from "#core/context.ts";

export const ROLES = ["viewer", "operator", "admin", "owner"] as const;
export type Role = (typeof ROLES)[number];

/** The scopes a key may hold. `read`, `write` and `admin` are accepted as short names of the first three. */
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

/** The scopes of a key that open a route of this level. */
const OPENS: Record<AccessRule["scope"], readonly Scope[]> = {
  read: SCOPES,
  write: ["operator.write", "operator.admin"],
  admin: ["operator.admin"],
};

/** Who may call an operation. Every operation has one; without it the gateway does not start. */
export interface AccessRule {
  readonly role: Role;
  /** Checked for API keys beside the role that their scopes give. */
  readonly scope: "read" | "write" | "admin";
  /** `scoped` acts in the caller's tenant, `master` only in the master tenant, `system` is for owners of the gateway. */
  readonly tenant: "scoped" | "master" | "system";
  /** What the rate limiter counts it as. `run` starts a run or a tool. */
  readonly rate: "standard" | "run" | "none";
}

export const hasRole = (ctx: Pick<Context, "role">, needed: Role): boolean =>
  ROLES.indexOf(ctx.role) >= ROLES.indexOf(needed);

/** The highest role that the scopes contribute; none gives viewer. A key never becomes owner. */
export function roleOfScopes(scopes: readonly Scope[]): Role {
  const ranks = scopes.map((scope) => ROLES.indexOf(ROLE_OF_SCOPE[scope]));
  return ROLES[Math.max(0, ...ranks)] ?? "viewer";
}

/** Throws 403 unless the caller may do what the rule guards. */
export function requireAccess(ctx: Context, rule: AccessRule): void {
  const needed = rule.tenant === "system" ? "owner" : rule.role;
  if (!hasRole(ctx, needed)) throw permissionDenied(`${ctx.operation.name} requires the ${needed} role`);
  const { actor } = ctx;
  if (actor.kind === "api_key" && !actor.scopes.some((scope) => OPENS[rule.scope].includes(scope))) {
    throw permissionDenied(`${ctx.operation.name} requires the ${rule.scope} scope`);
  }
  if (rule.tenant === "master" && !hasRole(ctx, "owner") && ctx.tenantId !== MASTER_TENANT_ID) {
    throw new AppError("UNAUTHORIZED", "error.master_scope_required", {}, { status: 403 });
  }
}
