import { expect, test } from "bun:test";
import { Writable } from "node:stream";
import pino from "pino";
import { Secret } from "#base/secret.ts";
import { toAnswerError } from "#models/failures/to-answer-error.ts";
import type { ModelError } from "#models/language-model.ts";
import { ProviderHealth } from "#models/resilience/provider-health.ts";
import { callModel, type ModelCaller, type ModelCallServices } from "#runtime/model-calls/call-model.ts";
import { aRequest } from "#testing/model-fixture.ts";

test("the log line of a failed call holds the provider's own words, without its key", async () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(line, _, done) {
      lines.push(String(line));
      done();
    },
  });
  const clock = { now: () => new Date(0) };
  const error: ModelError = toAnswerError(
    400,
    {},
    '{"error":{"message":"key planted-17 may not do this","code":"planted-17","type":"no"}}',
  );
  const model = {
    async *stream() {
      yield { type: "error" as const, error };
    },
  };
  const services = {
    models: {
      open: async () => ({ model, otherKeys: [], providerType: "openai_compat", secrets: [new Secret("planted-17")] }),
    },
    metrics: { modelCalls: { inc: () => {} }, modelTokens: { inc: () => {} } },
    logger: pino(destination),
    calls: {
      health: new ProviderHealth(clock),
      clock,
      timeouts: { firstEventMs: 60_000, idleMs: 60_000, totalMs: 60_000 },
      retries: { maxAttempts: 1, delayMs: 1, maxDelayMs: 1 },
      sleep: async () => {},
      random: () => 0,
    },
  } as unknown as ModelCallServices;
  const agent = { provider: "p", model: "m", fallback: { candidates: [], skipsCoolingDown: true } };
  const caller = { db: { tenantId: "t" }, agent, userId: "ada" } as unknown as ModelCaller;
  const listener = { text: () => {}, reasoning: () => {} };
  const turn = await callModel(services, caller, aRequest(), listener, new AbortController().signal);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      kind: "invalid_request",
      provider: "p",
      model: "m",
      status: 400,
      providerNames: "no",
      providerMessage: "key [REDACTED] may not do this",
    },
  ]);
  expect(lines.join()).not.toContain("planted-17");
  expect(turn.providerMessage).toBe("key [REDACTED] may not do this");
});
