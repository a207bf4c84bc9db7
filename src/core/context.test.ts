import { expect, test } from "bun:test";
import { type Context, deriveContext } from "#core/context.ts";

test("a derived context has the changes and computes no lazy field before somebody reads it", () => {
  let computed = 0;
  const ctx = {
    userId: "ada",
    get clientIp() {
      computed++;
      return "::1";
    },
  } as unknown as Context;
  const derived = deriveContext(deriveContext(ctx, { userId: "bob" }), { requestId: "r" });
  expect([computed, derived.userId, derived.requestId, ctx.userId]).toEqual([0, "bob", "r", "ada"]);
  expect([derived.clientIp, computed]).toEqual(["::1", 1]);
});
