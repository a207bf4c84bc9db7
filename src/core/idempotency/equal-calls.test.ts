import { describe, expect, test } from "bun:test";
import { ERROR_CODES, type ErrorCode } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { ACCESS } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { openForKeys } from "#core/idempotency/idempotency-fixture.ts";
import { callsInProgress, idempotently, isFinal, processName } from "#core/idempotency/idempotently.ts";
import { Services } from "#core/service.ts";
import { UploadedFile } from "#core/uploads/uploaded-file.ts";
import { testDialects } from "#testing/test-database.ts";

const NOW = new Date("2026-01-02T03:04:05.000Z");
const CONFLICT = { options: { reason: "idempotency_conflict" } };

describe.each([...testDialects()])("a call with the key of an earlier one on %s", async (dialect) => {
  const database = await openForKeys(dialect, NOW);

  const services = new Services().provide(processName, "n1:b1").provide(callsInProgress, new Set());
  let runs = 0;
  /** Makes a call whose answer is the number of its run. */
  const call = (idempotencyKey: string, input: unknown, changes: object = {}) => {
    const ctx = {
      ...{ actor: { kind: "gateway" }, userId: "ada", tenantId: MASTER_TENANT_ID, options: { idempotencyKey } },
      operation: { name: "agents.things.make", access: ACCESS.write, runsOnce: true },
      signal: new AbortController().signal,
      db: database.forTenant(MASTER_TENANT_ID),
      clock: { now: () => NOW },
      use: services.use.bind(services),
      ...changes,
    } as unknown as Context;
    return idempotently(ctx, input, async () => ++runs);
  };

  test("is another call of another credential or another user", async () => {
    const actors = [
      { kind: "gateway" },
      { kind: "anonymous" },
      { kind: "api_key", keyId: "k1" },
      { kind: "api_key", keyId: "k2" },
      { kind: "device", deviceId: "k1" },
      { kind: "device", deviceId: "k2" },
    ];
    const callers = actors.flatMap((actor) => ["ada", "bob"].map((userId) => ({ actor, userId })));
    const first = await Promise.all(callers.map((caller) => call("callers", {}, caller)));
    expect(first.every(({ isReplay }) => !isReplay)).toBe(true);
    for (const [index, caller] of callers.entries()) {
      expect(await call("callers", {}, caller)).toEqual({ value: first[index]?.value, isReplay: true });
    }
  });

  test("is the same call if its files have the same bytes and its other fields are equal", async () => {
    const aForm = (sha256: string, path: string, text = "x") => ({
      file: new UploadedFile({ name: "a", size: 1, sha256, path }),
      text,
    });
    await call("files", aForm("one", "/1"));
    expect((await call("files", aForm("one", "/2"))).isReplay).toBe(true);
    await expect(call("files", aForm("two", "/1"))).rejects.toMatchObject(CONFLICT);
    await expect(call("files", aForm("one", "/1", "y"))).rejects.toMatchObject(CONFLICT);
  });

  test("is the same call without an object as input, if that is equal", async () => {
    await call("text", "one");
    expect((await call("text", "one")).isReplay).toBe(true);
    await expect(call("text", "two")).rejects.toMatchObject(CONFLICT);
  });

  test("runs again if the operation is public, because strangers share one name", async () => {
    const operation = { name: "agents.things.make", access: "public", runsOnce: true };
    for (let times = 0; times < 2; times++) {
      expect((await call("public", {}, { operation })).isReplay).toBe(false);
    }
  });
});

test("an error is final if it comes again, unlike one of the server or of the rate", () => {
  const codes = Object.keys(ERROR_CODES) as ErrorCode[];
  expect(codes.filter((code) => !isFinal(code))).toEqual([
    ...(["UNAVAILABLE", "RESOURCE_EXHAUSTED", "AGENT_TIMEOUT", "INTERNAL"] as const),
  ]);
});
