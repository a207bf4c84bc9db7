import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { createKeptAnswers } from "#core/answers/kept-answers.ts";
import type { Context } from "#core/context.ts";
import { createLocalEventBus } from "#core/events/local-event-bus.ts";
import { execute } from "#core/execute.ts";
import { type AnyOperation, defineOperation } from "#core/operation.ts";
import { BytesReply, EncodedReply, Reply, StreamReply } from "#core/reply.ts";

const anOperation = (run: () => Promise<unknown>, changes: Partial<AnyOperation> = {}): AnyOperation => ({
  ...defineOperation({
    name: "agents.things.get",
    access: ACCESS.read,
    summary: "Get a thing",
    description: "For tests.",
    input: z.object({ id: z.string() }),
    output: z.object({ id: z.string() }),
    errors: [],
    run: run as () => Promise<{ id: string }>,
  }),
  ...changes,
});

const KEEPS_NONE = createKeptAnswers([], createLocalEventBus({ error() {} }));

const aCaller = (operation: AnyOperation) =>
  ({ actor: { kind: "gateway" }, role: "viewer", operation, options: {}, use: () => KEEPS_NONE }) as unknown as Context;

const call = (operation: AnyOperation, input: unknown = { id: "t1" }) => execute(operation, aCaller(operation), input);

const STORED = { id: "t1", hash: "secret" };

describe("an operation", () => {
  test("answers with the fields of its output schema alone", async () => {
    expect(await call(anOperation(async () => STORED))).toEqual({ value: { id: "t1" }, isReplay: false });
    const { value } = await call(anOperation(async () => new Reply(STORED, { Location: "/t1" })));
    expect(value).toEqual(new Reply({ id: "t1" }, { Location: "/t1" }));
  });

  test("may answer with a stream or with bytes", async () => {
    async function* frames() {
      yield "data: 1\n\n";
    }
    for (const reply of [new StreamReply(frames()), new BytesReply("a,b", "text/csv")]) {
      expect((await call(anOperation(async () => reply))).value).toBe(reply);
    }
  });

  test("does not run for an invalid input, or for a caller without access", async () => {
    let runs = 0;
    const run = async () => {
      runs++;
      return STORED;
    };
    await expect(call(anOperation(run), { id: 1 })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    const refused = call(anOperation(run, { access: ACCESS.write }));
    await expect(refused).rejects.toMatchObject({ code: "UNAUTHORIZED", options: { status: 403 } });
    expect(runs).toBe(0);
    await call(anOperation(run, { access: "public" }));
    expect(runs).toBe(1);
  });

  test("whose answers are kept runs once for equal calls, each with the fields of its schema alone", async () => {
    let runs = 0;
    const run = async () => {
      runs++;
      return STORED;
    };
    const operation = anOperation(run, { keptUntil: [] });
    const kept = createKeptAnswers([operation], createLocalEventBus({ error() {} }));
    const ctx = { ...aCaller(operation), use: () => kept } as Context;
    const answer = { value: new EncodedReply('{"id":"t1"}'), isReplay: false };
    expect(await execute(operation, ctx, { id: "t1" })).toEqual(answer);
    expect(await execute(operation, ctx, { id: "t1" })).toEqual(answer);
    expect(runs).toBe(1);
    await execute(operation, ctx, { id: "t2" });
    expect(runs).toBe(2);
  });

  test("gets its input parsed, with the fields under their own names", async () => {
    const inputs: unknown[] = [];
    const operation = {
      ...anOperation(async () => STORED),
      otherNames: { thing: "id" },
      run: async (_: Context, input: unknown) => {
        inputs.push(input);
        return STORED;
      },
    };
    await call(operation, { thing: "t1", more: 1 });
    await call({ ...operation, access: "public" }, { id: "t2" });
    expect(inputs).toEqual([{ id: "t1" }, { id: "t2" }]);
  });
});
