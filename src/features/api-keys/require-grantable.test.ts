import { expect, test } from "bun:test";
import type { Scope } from "#core/access/access.ts";
import { requireGrantable } from "#features/api-keys/require-grantable.ts";

const keyWith = (scopes: readonly Scope[]) => ({
  userId: "ada",
  actor: { kind: "api_key", keyId: "1", prefix: "p", scopes, tenantId: null, isBound: false, expiresAt: null } as const,
});
const forever = { ownerId: null, expiresAt: null };

test("a key grants the scopes it holds, and an administrator's key grants all", () => {
  const grant = { ...forever, scopes: ["operator.write"] as const };
  expect(() => requireGrantable(keyWith(["operator.write"]), grant)).not.toThrow();
  expect(() => requireGrantable(keyWith(["operator.admin"]), grant)).not.toThrow();
  expect(() => requireGrantable(keyWith(["operator.read"]), grant)).toThrow("error.scope_exceeds");
});

test("the gateway's own token grants every scope", () => {
  const caller = { userId: "ada", actor: { kind: "gateway" } as const };
  expect(() => requireGrantable(caller, { ...forever, scopes: ["operator.admin"] })).not.toThrow();
});
