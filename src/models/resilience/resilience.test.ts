import { describe, expect, test } from "bun:test";
import type { AnswerEvent, LanguageModel, ModelError, ModelEvent } from "#models/language-model.ts";
import { type CallDependencies, callWithFailover } from "#models/resilience/call-with-failover.ts";
import { retryDelay } from "#models/resilience/failure-policy.ts";
import { ProviderHealth } from "#models/resilience/provider-health.ts";
import { aRequest } from "#testing/model-fixture.ts";

const RETRIES = { maxAttempts: 3, delayMs: 300, maxDelayMs: 30_000 };
const overloaded: ModelError = { kind: "overloaded", message: "" };
const target = { tenantId: "t", provider: "p", model: "m" };

/** Creates a clock that moves only when the test advances it. */
function aClock() {
  let now = 0;
  return {
    now: () => new Date(now),
    pass(milliseconds: number) {
      now += milliseconds;
    },
  };
}

describe("the wait before a retry", () => {
  test.each([
    [2, 0.5, 300],
    [3, 0.5, 600],
    [2, 0, 270],
    [2, 1, 330],
    [4, 0.5, undefined],
  ])("attempt %p with random value %p waits %p ms", (next, random, delay) => {
    expect(retryDelay(overloaded, next, RETRIES, random)).toBe(delay as number);
  });

  test("is the time that the provider asks for, and there is no retry if that is too long", () => {
    expect(retryDelay({ ...overloaded, retryAfterMs: 1_000 }, 2, RETRIES, 0)).toBe(1_000);
    expect(retryDelay({ ...overloaded, retryAfterMs: 31_000 }, 2, RETRIES, 0)).toBeUndefined();
  });

  test("never exceeds its limit", () => {
    expect(retryDelay(overloaded, 10, { ...RETRIES, maxAttempts: 20 }, 0.5)).toBe(30_000);
  });

  test.each(["auth", "billing", "invalid_request", "timeout", "context_overflow", "aborted"] as const)(
    "does not exist after %s: there is no retry",
    (kind) => {
      expect(retryDelay({ kind, message: "" }, 2, RETRIES, 0)).toBeUndefined();
    },
  );
});

describe("the health of a provider", () => {
  test("the circuit opens after five failures in a row and later lets one call through", () => {
    const clock = aClock();
    const health = new ProviderHealth(clock);
    for (let failures = 0; failures < 5; failures++) {
      expect(health.openForMs(target)).toBeUndefined();
      health.failed(target, overloaded);
    }
    expect(health.openForMs(target)).toBe(30_000);
    expect(health.openForMs({ ...target, tenantId: "other" })).toBeUndefined();
    clock.pass(30_001);
    expect(health.openForMs(target)).toBeUndefined();
    expect(health.openForMs(target)).toBeGreaterThan(0);
    health.succeeded(target);
    expect(health.openForMs(target)).toBeUndefined();
  });

  test("the circuit of a model leaves the others alone, unless the provider cannot be reached", () => {
    const other = { ...target, model: "other" };
    for (const [kind, isOpen] of [
      ["server_error", false],
      ["malformed", false],
      ["unreachable", true],
    ] as const) {
      const health = new ProviderHealth(aClock());
      for (let failures = 0; failures < 5; failures++) health.failed(target, { kind, message: "" });
      expect([health.openForMs(target), health.openForMs(other) !== undefined]).toEqual([30_000, isOpen]);
    }
  });

  test("a success resets the count, and a refusal does not count", () => {
    const health = new ProviderHealth(aClock());
    for (let failures = 0; failures < 4; failures++) health.failed(target, overloaded);
    health.succeeded(target);
    for (let failures = 0; failures < 4; failures++) health.failed(target, overloaded);
    for (let failures = 0; failures < 9; failures++) health.failed(target, { kind: "auth", message: "" });
    expect(health.openForMs(target)).toBeUndefined();
  });

  test.each([
    ["rate_limit", 30_000, false],
    ["overloaded", 60_000, false],
    ["billing", 300_000, true],
    ["auth", 600_000, true],
    ["model_not_found", 3_600_000, false],
    ["model_retired", 3_600_000, false],
    ["model_denied", 600_000, false],
    ["model_not_loaded", 60_000, false],
    ["wrong_path", 300_000, true],
    ["untrusted_certificate", 300_000, true],
    ["timeout", 15_000, false],
    ["unknown", 30_000, false],
  ] as const)("the cool-down after %s durationMs %p ms, for all models: %p", (kind, durationMs, isProviderWide) => {
    const clock = aClock();
    const health = new ProviderHealth(clock);
    health.failed(target, { kind, message: "" });
    expect(health.isCoolingDown({ ...target, model: "other" })).toBe(isProviderWide);
    expect(health.isCoolingDown(target)).toBe(true);
    clock.pass(durationMs);
    expect(health.isCoolingDown(target)).toBe(false);
  });

  test.each([
    ...(["content_policy", "invalid_request", "input_unsupported", "tools_unsupported", "unsupported"] as const),
    ...(["context_overflow", "aborted"] as const),
  ])("a request that ended with %s causes no cool-down", (kind) => {
    const health = new ProviderHealth(aClock());
    health.failed(target, { kind, message: "" });
    expect(health.isCoolingDown(target)).toBe(false);
  });

  test("keys take turns, and one in cool-down is left out until it ends", () => {
    const clock = aClock();
    const health = new ProviderHealth(clock);
    const next = (model = "m") => health.keysInTurn({ ...target, model }, 3);
    expect([next(), next(), next(), next()]).toEqual([
      [0, 1, 2],
      [1, 2, 0],
      [2, 0, 1],
      [0, 1, 2],
    ]);
    health.keyFailed(target, 2, { kind: "auth", message: "" });
    health.keyFailed(target, 0, { kind: "rate_limit", message: "", retryAfterMs: 40_000 });
    expect([next(), next(), next("other")]).toEqual([[1], [1], [0, 1]]);
    expect(health.isCoolingDown(target)).toBe(false);
    clock.pass(40_000);
    expect(next()).toEqual([1, 0]);
    health.forget(target.tenantId);
    expect(next()).toEqual([0, 1, 2]);
  });

  test("if all keys cool down, all are tried", () => {
    const health = new ProviderHealth(aClock());
    for (const key of [0, 1]) health.keyFailed(target, key, { kind: "billing", message: "" });
    expect(health.keysInTurn(target, 2)).toEqual([0, 1]);
  });

  test("during a long cool-down, one call is let through every thirty seconds", () => {
    const clock = aClock();
    const health = new ProviderHealth(clock);
    health.failed(target, { kind: "auth", message: "" });
    clock.pass(30_000);
    expect([health.isCoolingDown(target), health.isCoolingDown(target)]).toEqual([false, true]);
  });
});

describe("a call with failover", () => {
  const aModel = (events: readonly ModelEvent[]): LanguageModel => ({
    async *stream() {
      yield* events;
    },
  });
  const dependencies = (waits: number[] = []): CallDependencies => ({
    health: new ProviderHealth(aClock()),
    clock: aClock(),
    timeouts: { firstEventMs: 60_000, idleMs: 60_000, totalMs: 60_000 },
    retries: RETRIES,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    random: () => 0.5,
  });
  const collect = async (
    models: readonly LanguageModel[],
    signal = new AbortController().signal,
    waits: number[] = [],
  ) => {
    const events: AnswerEvent[] = [];
    const candidates = models.map((model, index) => ({
      target: { ...target, provider: `p${index}` },
      open: async () => ({ model, otherKeys: [] }),
    }));
    const options = { candidates, skipsCoolingDown: true, onCall: () => {}, onAnswer: () => {} };
    for await (const event of callWithFailover(aRequest(), signal, options, dependencies(waits))) events.push(event);
    return events;
  };
  const failing = (error: ModelError) => aModel([{ type: "error", error }]);
  const answering = aModel([
    { type: "text", text: "hi" },
    { type: "finish", finish: "stop" },
  ]);

  test("waits as long as the provider asks before a retry", async () => {
    const waits: number[] = [];
    const rateLimited = { kind: "rate_limit", message: "", retryAfterMs: 1_000 } as const;
    await collect([failing(rateLimited)], undefined, waits);
    expect(waits).toEqual([1_000, 1_000]);
  });

  test("a conversation that is too long does not fail over", async () => {
    const events = await collect([failing({ kind: "context_overflow", message: "" }), answering]);
    expect(events).toMatchObject([{ type: "error", error: { kind: "context_overflow" } }]);
  });

  test("reasoning does not prevent a failover, and only that of the model that answers counts", async () => {
    const reasoning: readonly ModelEvent[] = [
      { type: "progress" },
      { type: "reasoning", text: "hm" },
      { type: "reasoning_end", metadata: { a: { signature: "s" } } },
    ];
    const broken = aModel([...reasoning, { type: "error", error: { kind: "auth", message: "" } }]);
    const types = (await collect([broken, answering])).map(({ type }) => type);
    expect(types).toEqual(["reasoning", "reasoning_end", "restart", "text", "finish"]);
    const whole = aModel([...reasoning, { type: "text", text: "hi" }, { type: "finish", finish: "stop" }]);
    const shown = (await collect([whole])).map(({ type }) => type);
    expect(shown).toEqual(["reasoning", "reasoning_end", "text", "finish"]);
  });

  test("an aborted call ends immediately", async () => {
    const events = await collect([failing({ kind: "aborted", message: "" }), answering], AbortSignal.abort());
    expect(events).toMatchObject([{ type: "error", error: { kind: "aborted" } }]);
  });

  test("ends with exactly one last event even if the model yields none", async () => {
    expect(await collect([aModel([])])).toMatchObject([{ type: "error", error: { kind: "malformed" } }]);
  });

  test.each([
    ["says nothing", { firstEventMs: 5 }],
    ["never ends", { totalMs: 20 }],
  ])("a model that %s times out", async (_, bound) => {
    const silent: LanguageModel = {
      async *stream(_request, signal) {
        while (!signal.aborted) {
          if ("totalMs" in bound) yield { type: "text", text: "." };
          await Bun.sleep(1);
        }
        yield { type: "error", error: { kind: "aborted", message: "" } };
      },
    };
    const events: AnswerEvent[] = [];
    const options = {
      candidates: [{ target, open: async () => ({ model: silent, otherKeys: [] }) }],
      skipsCoolingDown: true,
      onCall: () => {},
      onAnswer: () => {},
    };
    const defaults = dependencies();
    const bounded = { ...defaults, timeouts: { ...defaults.timeouts, ...bound } };
    const { signal } = new AbortController();
    for await (const event of callWithFailover(aRequest(), signal, options, bounded)) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: "error", error: { kind: "timeout" } });
  });
});
