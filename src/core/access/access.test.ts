import { describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID, newId, toTenantId } from "#base/ids.ts";
import {
  ACCESS,
  type AccessRule,
  ROLES,
  type Role,
  requireAccess,
  roleOfScopes,
  type Scope,
} from "#core/access/access.ts";
import type { Actor } from "#core/access/actor.ts";
import type { Context } from "#core/context.ts";

/** Written out, so that a scope that disappears fails a test. */
const ALL_SCOPES: readonly Scope[] = [
  "operator.admin",
  "operator.write",
  "operator.read",
  "operator.approvals",
  "operator.pairing",
  "operator.provision",
];

const aCaller = (role: Role, changes: Partial<Pick<Context, "actor" | "tenantId">> = {}) =>
  ({
    actor: { kind: "gateway" },
    role,
    tenantId: MASTER_TENANT_ID,
    operation: { name: "agents.things.change" },
    ...changes,
  }) as unknown as Context;

const aKey = (...scopes: Scope[]): Actor => ({
  kind: "api_key",
  keyId: "k1",
  prefix: "goclaw_1",
  scopes,
  tenantId: null,
  isBound: false,
  expiresAt: null,
});

const isAllowed = (ctx: Context, rule: AccessRule): boolean => {
  try {
    requireAccess(ctx, rule);
    return true;
  } catch {
    return false;
  }
};

describe("access to an operation", () => {
  test.each(ROLES)("for the role %s is open to it and to higher roles alone", (needed) => {
    const allowed = ROLES.filter((role) => isAllowed(aCaller(role), { ...ACCESS.read, role: needed }));
    expect(allowed).toEqual(ROLES.slice(ROLES.indexOf(needed)));
  });

  test("is refused with 403 and the role that it requires", () => {
    expect(() => requireAccess(aCaller("viewer"), ACCESS.write)).toThrow(
      expect.objectContaining({
        code: "UNAUTHORIZED",
        params: { detail: "agents.things.change requires the operator role" },
        options: { status: 403 },
      }),
    );
  });

  test.each<[AccessRule["scope"], readonly Scope[]]>([
    ["read", ALL_SCOPES],
    ["write", ["operator.admin", "operator.write"]],
    ["admin", ["operator.admin"]],
  ])("for the scope %s is open to the keys that hold one of %j", (scope, expected) => {
    const rule: AccessRule = { ...ACCESS.read, scope };
    expect(ALL_SCOPES.filter((held) => isAllowed(aCaller("owner", { actor: aKey(held) }), rule))).toEqual([
      ...expected,
    ]);
  });

  test("is refused to a key without scopes, and needs one matching scope among several", () => {
    expect(isAllowed(aCaller("owner", { actor: aKey() }), ACCESS.read)).toBe(false);
    const mixed = aKey("operator.read", "operator.write");
    expect(isAllowed(aCaller("owner", { actor: mixed }), ACCESS.write)).toBe(true);
    expect(isAllowed(aCaller("owner", { actor: mixed }), ACCESS.administer)).toBe(false);
  });

  test("needs of a paired browser the scopes of an operator, whatever role it has", () => {
    const actor: Actor = { kind: "device", deviceId: "d1", shortId: "ab12cd34" };
    const scopes = (["read", "write", "admin"] as const).filter((scope) =>
      isAllowed(aCaller("owner", { actor }), { ...ACCESS.read, scope }),
    );
    expect(scopes).toEqual(["read", "write"]);
  });

  test("of the master tenant is refused to other tenants, but not to owners of the gateway", () => {
    const rule: AccessRule = { ...ACCESS.administer, tenant: "master" };
    const tenantId = toTenantId(newId());
    expect(isAllowed(aCaller("admin"), rule)).toBe(true);
    expect(isAllowed(aCaller("admin", { tenantId }), rule)).toBe(false);
    expect(isAllowed(aCaller("owner", { tenantId }), rule)).toBe(true);
    expect(isAllowed(aCaller("admin", { tenantId }), ACCESS.administer)).toBe(true);
    expect(() => requireAccess(aCaller("admin", { tenantId }), rule)).toThrow(
      expect.objectContaining({ key: "error.master_scope_required", options: { status: 403 } }),
    );
  });

  test("of the whole gateway is open to owners alone, whatever role its rule names", () => {
    const rule: AccessRule = { ...ACCESS.read, tenant: "system" };
    expect(ROLES.filter((role) => isAllowed(aCaller(role), rule))).toEqual(["owner"]);
  });
});

test.each<[readonly Scope[], Role]>([
  [[], "viewer"],
  [["operator.read"], "viewer"],
  [["operator.provision"], "viewer"],
  [["operator.write"], "operator"],
  [["operator.approvals"], "operator"],
  [["operator.pairing"], "operator"],
  [["operator.admin"], "admin"],
  [["operator.read", "operator.admin", "operator.write"], "admin"],
])("the scopes %j give the role %s", (scopes, role) => {
  expect(roleOfScopes(scopes)).toBe(role);
});
