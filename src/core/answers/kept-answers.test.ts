import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { MASTER_TENANT_ID, newId, type TenantId } from "#base/ids.ts";
import { ACCESS } from "#core/access/access.ts";
import { createKeptAnswers } from "#core/answers/kept-answers.ts";
import type { Context } from "#core/context.ts";
import { defineEvent, type EventKind } from "#core/events/events.ts";
import { createLocalEventBus } from "#core/events/local-event-bus.ts";
import { type AnyOperation, defineOperation } from "#core/operation.ts";

const thingChanged = defineEvent({ type: "thing.changed", entity: "thing", payload: z.object({}) });
const otherChanged = defineEvent({ type: "other.changed", entity: "other", payload: z.object({}) });

const listThings: AnyOperation = defineOperation({
  name: "agents.things.list",
  access: ACCESS.read,
  summary: "List things",
  description: "For tests.",
  input: z.object({}),
  output: z.object({}),
  keptUntil: [thingChanged],
  run: async () => ({}),
});

const CALLER = {
  operation: listThings,
  tenantId: MASTER_TENANT_ID,
  isTenantNamed: false,
  userId: "ada",
  isUserKnown: true,
  role: "viewer",
  actor: { kind: "gateway" },
  locale: "en",
} as const satisfies Partial<Context>;

/** A memory of answers to `listThings`. Each read has a number of its own. */
function create() {
  const events = createLocalEventBus({ error() {} });
  const kept = createKeptAnswers([listThings], events);
  let reads = 0;
  const ask = async (caller: Partial<Context> = {}, input: object = {}) =>
    (await kept.get({ ...CALLER, ...caller } as Context, input, async () => ++reads)).text;
  const change = async (kind: EventKind<string, z.ZodObject> = thingChanged) => {
    events.publish(kind, { tenantId: MASTER_TENANT_ID, entityId: newId(), payload: {} });
    await Promise.resolve();
  };
  return { ask, change, events };
}

describe("answers in memory", () => {
  test("an equal call of the same caller gets the answer again, until something changes", async () => {
    const { ask, change } = create();
    expect([await ask(), await ask()]).toEqual(["1", "1"]);
    await change(otherChanged);
    expect(await ask()).toBe("1");
    await change();
    expect([await ask(), await ask()]).toEqual(["2", "2"]);
  });

  test.each<[string, Partial<Context>]>([
    ["another tenant", { tenantId: newId() as TenantId }],
    ["another user", { userId: "eve" }],
    ["nobody known by the same name", { isUserKnown: false }],
    ["the same user in another role", { role: "admin" }],
    ["the same user with a key", { actor: { kind: "anonymous" } }],
    ["another language", { locale: "vi" }],
    ["a caller who names the tenant", { isTenantNamed: true }],
  ])("%s has an answer of its own", async (_, caller) => {
    const { ask } = create();
    expect([await ask(), await ask(caller), await ask(caller), await ask()]).toEqual(["1", "2", "2", "1"]);
  });

  test("no input is mistaken for another one", async () => {
    const { ask } = create();
    expect([await ask({}, { id: "a" }), await ask({}, { id: "b" }), await ask({}, { id: "a" })]).toEqual([
      "1",
      "2",
      "1",
    ]);
    expect(await ask({ userId: 'ada",true' }, {})).toBe("3");
  });

  test("events that may be missing count as changes", async () => {
    const { ask, events } = create();
    await ask();
    events.missAll();
    expect(await ask()).toBe("2");
  });

  test("a failed read leaves nothing behind", async () => {
    const kept = createKeptAnswers([listThings], createLocalEventBus({ error() {} }));
    const failed = kept.get(CALLER as unknown as Context, {}, async () => {
      throw new Error("no database");
    });
    await expect(failed).rejects.toThrow("no database");
    expect((await kept.get(CALLER as unknown as Context, {}, async () => "fine")).text).toBe('"fine"');
  });
});
