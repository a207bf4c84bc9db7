import { expect, test } from "bun:test";
import type { Context } from "#core/context.ts";
import type { LiveConnection } from "#core/live/live-connection.ts";
import { requireLive } from "#core/live/require-live.ts";

const aCall = (live?: LiveConnection) =>
  ({ options: { live }, operation: { name: "runs.follow" } }) as unknown as Context;

test("a call on a socket has its connection", () => {
  const live = {} as LiveConnection;
  expect(requireLive(aCall(live))).toBe(live);
});

test("a call that came over HTTP is refused", () => {
  expect(() => requireLive(aCall())).toThrow(
    expect.objectContaining({
      ...{ code: "INVALID_REQUEST", key: "error.socket_only", params: { operation: "runs.follow" } },
      options: { reason: "socket_only" },
    }),
  );
});
