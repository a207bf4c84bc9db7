import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { AppError, alreadyExists } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { ACCESS } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { execute } from "#core/execute.ts";
import { openForKeys } from "#core/idempotency/idempotency-fixture.ts";
import { callsInProgress, processName } from "#core/idempotency/idempotently.ts";
import { toEffectAnswer } from "#core/idempotency/kept-answer.ts";
import { type AnyOperation, defineOperation } from "#core/operation.ts";
import { Reply } from "#core/reply.ts";
import { Services } from "#core/service.ts";
import { testDialects } from "#testing/test-database.ts";

type Run = (ctx: Context) => Promise<unknown>;

interface Call {
  readonly key?: string;
  readonly run?: Run;
  readonly process?: string;
  readonly input?: object;
  readonly changes?: Partial<AnyOperation>;
}

const reasonOf = (reason: string) => expect.objectContaining({ options: expect.objectContaining({ reason }) });

describe.each([...testDialects()])("a call under an idempotency key on %s", async (dialect) => {
  let now = Date.parse("2026-01-02T03:04:05.000Z");
  /** By how much the clock advances each time that somebody looks at it. */
  let step = 0;
  const clock = {
    now: () => {
      now += step;
      return new Date(now);
    },
  };
  const database = await openForKeys(dialect, new Date(now));

  let keys = 0;
  const inProgressOf = new Map<string, Set<string>>();
  const aName = () => `key-${++keys}`;
  const call = ({ key, run = async () => "made", process = "n1:b1", input = {}, changes = {} }: Call) => {
    const operation: AnyOperation = {
      ...defineOperation({
        name: "agents.things.make",
        access: ACCESS.write,
        summary: "Make a thing",
        description: "For tests.",
        input: z.object({}),
        output: z.unknown(),
        errors: [],
        runsOnce: true,
        run,
      }),
      ...changes,
    };
    const inProgress = inProgressOf.get(process) ?? new Set<string>();
    inProgressOf.set(process, inProgress);
    const services = new Services().provide(processName, process).provide(callsInProgress, inProgress);
    const ctx = {
      actor: { kind: "gateway" },
      role: "owner",
      tenantId: MASTER_TENANT_ID,
      userId: "ada",
      operation,
      options: key === undefined ? {} : { idempotencyKey: key },
      signal: new AbortController().signal,
      db: database.forTenant(MASTER_TENANT_ID),
      clock,
      use: (token) => services.use(token),
    } as Context;
    return execute(operation, ctx, input);
  };
  /** Begins a call that does something and then does not return before `end` is called. */
  const beginCall = async (key: string, effect: Run = async () => {}, process = "n1:b1") => {
    const [begun, held] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()];
    const run: Run = async (ctx) => {
      await effect(ctx);
      begun.resolve();
      return held.promise;
    };
    const outcome = call({ key, run, process }).catch((thrown: unknown) => thrown);
    await begun.promise;
    const endBy = (settle: (value: unknown) => void) => (value: unknown) => {
      settle(value);
      return outcome;
    };
    return { end: endBy(held.resolve), fail: endBy(held.reject) };
  };
  const markApplied: Run = ({ db, idempotency }) =>
    db.write(async (queries) => idempotency?.markApplied(queries, undefined));
  const waitImpatiently = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    step = LIMITS.idempotencyWait / 4;
    try {
      return await work();
    } finally {
      step = 0;
    }
  };

  test("runs every time without a key, or if the operation does not run once", async () => {
    let runs = 0;
    const run = async () => ++runs;
    const key = aName();
    const repeatable = { runsOnce: undefined } as unknown as Partial<AnyOperation>;
    for (const options of [{}, { key, changes: repeatable }]) {
      for (let times = 0; times < 2; times++) {
        expect(await call({ run, ...options })).toEqual({ value: runs, isReplay: false });
      }
    }
    expect(runs).toBe(4);
  });

  test.each<[unknown]>([[null], ["text"], [["a", "b"]], [{ id: "t1", nested: { a: 1 } }], [0]])(
    "repeats the answer %j",
    async (answer) => {
      for (const shownOnce of Array.isArray(answer) ? [undefined] : [undefined, ["secret"]]) {
        const [key, run] = [aName(), async () => answer];
        const changes = shownOnce ? { shownOnce } : {};
        expect(await call({ key, run, changes })).toEqual({ value: answer, isReplay: false });
        expect(await call({ key, run, changes })).toEqual({ value: answer, isReplay: true });
      }
    },
  );

  test("repeats headers, and shows no secret twice", async () => {
    const [key, headers] = [aName(), { Location: "/things/t1" }];
    const run = async () => new Reply({ id: "t1", secret: "s" }, headers);
    const changes = { shownOnce: ["secret"] };
    expect((await call({ key, run, changes })).value).toEqual(new Reply({ id: "t1", secret: "s" }, headers));
    expect((await call({ key, run, changes })).value).toEqual(new Reply({ id: "t1" }, headers));
  });

  test("repeats a refusal, but not a server fault and not a refused rate", async () => {
    let runs = 0;
    const failing = (thrown: unknown) => async () => {
      runs++;
      throw thrown;
    };
    const unavailable = new AppError("UNAVAILABLE", "error.unavailable", {});
    const limited = new AppError("RESOURCE_EXHAUSTED", "error.rate_limit", {});
    for (const [thrown, expected] of [
      [alreadyExists("thing", "t1"), 1],
      [unavailable, 2],
      [limited, 2],
      [new Error("no"), 2],
    ] as const) {
      runs = 0;
      const key = aName();
      for (let times = 0; times < 2; times++) {
        await expect(call({ key, run: failing(thrown) })).rejects.toThrow(thrown.message);
      }
      expect([thrown.message, runs]).toEqual([thrown.message, expected]);
    }
  });

  test("is refused while the first one is at work for longer than it waits", async () => {
    const key = aName();
    const first = await beginCall(key);
    await expect(waitImpatiently(() => call({ key }))).rejects.toEqual(reasonOf("idempotency_in_progress"));
    await first.end("first");
    expect(await call({ key })).toEqual({ value: "first", isReplay: true });
  });

  test("runs again if its process was started anew and had no effect", async () => {
    const key = aName();
    const dead = await beginCall(key);
    expect(await call({ key, process: "n1:b2" })).toEqual({ value: "made", isReplay: false });
    expect(await call({ key, process: "n1:b2" })).toEqual({ value: "made", isReplay: true });
    await dead.end("late");
  });

  test("of another node runs again when no run can take that long", async () => {
    const key = aName();
    const dead = await beginCall(key);
    const elsewhere = { key, process: "n2:b1" };
    await expect(waitImpatiently(() => call(elsewhere))).rejects.toEqual(reasonOf("idempotency_in_progress"));
    now += LIMITS.runWallTime;
    await expect(waitImpatiently(() => call(elsewhere))).rejects.toEqual(reasonOf("idempotency_in_progress"));
    const created_at = new Date(Date.now() - LIMITS.runWallTime - 1).toISOString();
    await database
      .forTenant(MASTER_TENANT_ID)
      .write((queries) => queries.updateTable("idempotency_keys").set({ created_at }).where("key", "=", key).execute());
    expect(await call(elsewhere)).toEqual({ value: "made", isReplay: false });
    await dead.end("late");
  });

  test("that was taken over keeps the answer of the process that took it", async () => {
    for (const finish of ["end", "fail"] as const) {
      const key = aName();
      const slow = await beginCall(key);
      const next = await beginCall(key, undefined, "n1:b2");
      const late = await slow[finish](new Error("late"));
      expect(late).toBeInstanceOf(Error);
      expect(await next.end("next")).toEqual({ value: "next", isReplay: false });
      expect(await call({ key, process: "n1:b2" })).toEqual({ value: "next", isReplay: true });
    }
  });

  test("that took over cannot have its effect in the process that lost it", async () => {
    const key = aName();
    const [go, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const run: Run = async (ctx) => {
      begun.resolve();
      await go.promise;
      await markApplied(ctx);
    };
    const slow = call({ key, run });
    await begun.promise;
    await call({ key, process: "n1:b2" });
    go.resolve();
    await expect(slow).rejects.toEqual(reasonOf("idempotency_in_progress"));
  });

  test("whose process died after its effect is refused, because nobody knows its answer", async () => {
    const key = aName();
    const dead = await beginCall(key, markApplied);
    const again = call({ key, process: "n1:b2" });
    await expect(again).rejects.toEqual(reasonOf("idempotency_outcome_unknown"));
    await dead.end("late");
    expect(await call({ key, process: "n1:b2" })).toEqual({ value: "late", isReplay: true });
  });

  test("whose process died after its effect gets the answer that was stored with the effect", async () => {
    const key = aName();
    const changes = { output: z.object({ id: z.string() }), shownOnce: ["secret"] };
    const answer = toEffectAnswer({ ...({} as AnyOperation), ...changes }, { id: "t1", secret: "s", hash: "h" });
    const store: Run = ({ db, idempotency }) => db.write(async (queries) => idempotency?.markApplied(queries, answer));
    const dead = await beginCall(key, store);
    expect(await call({ key, process: "n2:b1", changes })).toEqual({ value: { id: "t1" }, isReplay: true });
    await dead.end({ id: "t1" });
  });

  test("whose process is at work after its effect is waited for", async () => {
    const key = aName();
    const first = await beginCall(key, markApplied);
    const second = call({ key });
    await first.end("first");
    expect(await second).toEqual({ value: "first", isReplay: true });
  });

  test("whose process died after it began a run gets the answer of this run", async () => {
    const key = aName();
    const attachRun: Run = ({ db, idempotency }) => db.write(async (queries) => idempotency?.attachRun(queries, "r1"));
    const dead = await beginCall(key, attachRun);
    const run: Run = async ({ idempotency }) => idempotency?.runId;
    expect(await call({ key, process: "n1:b2", run })).toEqual({ value: "r1", isReplay: true });
    await dead.end("late");
  });

  test("with another input is refused, even if the first one's process died", async () => {
    const key = aName();
    const dead = await beginCall(key);
    const other = call({ key, process: "n1:b2", input: { other: 1 } });
    await expect(other).rejects.toEqual(reasonOf("idempotency_conflict"));
    await dead.end("first");
  });

  test("runs again when its answer has expired, and not before", async () => {
    let runs = 0;
    const [key, run] = [aName(), async () => ++runs];
    await call({ key, run });
    now += LIMITS.idempotencyKept;
    expect(await call({ key, run })).toEqual({ value: 1, isReplay: true });
    now++;
    expect(await call({ key, run, input: { other: 1 } })).toEqual({ value: 2, isReplay: false });
    expect(await call({ key, run, input: { other: 1 } })).toEqual({ value: 2, isReplay: true });
  });

  test("gives an answer that is too large to keep once", async () => {
    const [key, answer] = [aName(), "x".repeat(LIMITS.idempotencyAnswer)];
    expect((await call({ key, run: async () => answer })).value).toBe(answer);
    await expect(call({ key })).rejects.toEqual(reasonOf("idempotency_outcome_unknown"));
  });

  test("keeps an answer of exactly the largest size", async () => {
    const envelope = JSON.stringify({ kind: "value", value: "", headers: {} });
    const [key, answer] = [aName(), "x".repeat(LIMITS.idempotencyAnswer - envelope.length)];
    await call({ key, run: async () => answer });
    expect(await call({ key })).toEqual({ value: answer, isReplay: true });
  });
});
