import { expect, test } from "bun:test";
import { ConnectInput, tenantHintOf } from "#core/live/connect-input.ts";

test.each([
  [{ tenant_id: "a", tenant_hint: "b", tenant_scope: "c" }, "a"],
  [{ tenant_id: "", tenant_hint: "b", tenant_scope: "c" }, "b"],
  [{ tenant_hint: "b" }, "b"],
  [{ tenant_hint: "", tenant_scope: "c" }, "c"],
  [{ tenant_id: "a" }, "a"],
  [{}, undefined],
])("of the names of a tenant in %j, %p counts", (input, expected) => {
  expect(tenantHintOf(input)).toBe(expected);
});

test("a client that says nothing speaks as the protocol does, and hears all that it may", () => {
  expect(ConnectInput.parse({})).toEqual({ dialect: "goclaw", feed: "all" });
  expect(ConnectInput.safeParse({ token: "x".repeat(4_000) }).success).toBe(true);
  expect(ConnectInput.safeParse({ token: "x".repeat(4_001) }).success).toBe(false);
});
