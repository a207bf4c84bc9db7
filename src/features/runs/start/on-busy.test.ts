import { afterAll, describe, expect, test } from "bun:test";
import { AGENT, inShort, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

/** The prefix that the model reads before a message that arrived during the run. */
const FOLLOW_UP = "[The user sent a follow-up message while you were working]\n";
const TIMEOUT = 30_000;

describe.each([...testDialects()])("a message to a busy session on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect });
  const { model, start, waitForEnd, runOf, transcriptOf } = gateway;
  afterAll(() => gateway.stop());
  let sessions = 0;
  /** Creates a session whose run waits for its model. */
  const aBusySession = async (input = "one") => {
    const [call, session_key] = [model.manual(), `agent:${AGENT}:busy-${++sessions}`];
    const { id } = (await start(input, { session_key })).body;
    await call.arrived;
    return { call, session_key, id };
  };

  test(
    "waits its turn, with at most ten messages in the queue",
    async () => {
      const { call, session_key } = await aBusySession();
      const waiting: string[] = [];
      for (let number = 1; number <= 10; number++) {
        const { status, body } = await start(`next ${number}`, { session_key, on_busy: "queue" });
        expect([status, body.status]).toEqual([202, "queued"]);
        waiting.push(body.id);
      }
      const refused = await start("too many", { session_key, on_busy: "queue" });
      expect(refused.status).toBe(429);
      expect(refused.body.error).toMatchObject({ code: "RESOURCE_EXHAUSTED", details: { reason: "queue_full" } });

      await call.finish();
      for (const id of waiting) expect((await waitForEnd(id)).status).toBe("completed");
      const said = inShort(await transcriptOf(session_key)).filter((turn) => turn.startsWith("user: "));
      expect(said).toEqual(["user: one", ...waiting.map((_, index) => `user: next ${index + 1}`)]);
    },
    TIMEOUT,
  );

  test(
    "is refused",
    async () => {
      const { call, session_key, id } = await aBusySession();
      const refused = await start("two", { session_key, on_busy: "reject" });
      expect(refused.status).toBe(409);
      expect(refused.body.error).toMatchObject({
        code: "FAILED_PRECONDITION",
        retryable: true,
        details: { reason: "session_busy" },
      });
      await call.send("1");
      await call.finish();
      expect((await waitForEnd(id)).output).toBe("1");
    },
    TIMEOUT,
  );

  test(
    "interrupts the run, and runs before the queued messages",
    async () => {
      const { call, session_key, id } = await aBusySession();
      const queued = (await start("later", { session_key, on_busy: "queue" })).body;
      const urgent = (await start("now", { session_key, on_busy: "interrupt" })).body;
      await call.aborted;
      expect((await waitForEnd(queued.id)).status).toBe("completed");
      expect((await runOf(id)).status).toBe("cancelled");
      expect((await runOf(urgent.id)).output).toBe("echo: now");
      expect(inShort(await transcriptOf(session_key))).toEqual([
        "user: one",
        "user: now",
        "assistant: echo: now",
        "user: later",
        "assistant: echo: later",
      ]);
    },
    TIMEOUT,
  );

  test(
    "steers: the run finishes its current answer, continues, and answers the message",
    async () => {
      const { call, session_key, id } = await aBusySession();
      await call.send("first answer");
      const steered = await start("and this?", { session_key, on_busy: "steer" });
      expect([steered.status, steered.body.id]).toEqual([202, id]);
      await call.finish();
      expect(await waitForEnd(id)).toMatchObject({ status: "completed", output: `echo: ${FOLLOW_UP}and this?` });
      expect(inShort(await transcriptOf(session_key))).toEqual([
        "user: one",
        "assistant: first answer",
        "user: and this?",
        `assistant: echo: ${FOLLOW_UP}and this?`,
      ]);
    },
    TIMEOUT,
  );

  test(
    "steers between two steps, after the tool results of the first",
    async () => {
      const { call, session_key, id } = await aBusySession();
      await start("in Hanoi", { session_key, on_busy: "steer" });
      await call.toolCall({ name: "datetime", arguments: {} });
      await call.finish();
      expect((await waitForEnd(id)).output).toBe(`echo: ${FOLLOW_UP}in Hanoi`);
      const roles = (await transcriptOf(session_key)).map(({ role }) => role);
      expect(roles).toEqual(["user", "assistant", "tool", "user", "assistant"]);
    },
    TIMEOUT,
  );

  test(
    "steers no more than five at a time",
    async () => {
      const { call, session_key, id } = await aBusySession();
      for (let count = 1; count <= 5; count++) {
        expect((await start(`more ${count}`, { session_key, on_busy: "steer" })).status).toBe(202);
      }
      const { status, body } = await start("too much", { session_key, on_busy: "steer" });
      expect([status, body.error.code, body.error.details.reason]).toEqual([429, "RESOURCE_EXHAUSTED", "queue_full"]);
      await call.send("well");
      await call.finish();
      expect((await waitForEnd(id)).status).toBe("completed");
    },
    TIMEOUT,
  );

  test(
    "is kept if the run that it steers is cancelled",
    async () => {
      const { call, session_key, id } = await aBusySession();
      await start("still here", { session_key, on_busy: "steer" });
      await gateway.call("POST", `/v1/runs/${id}/cancel`);
      await call.aborted;
      await waitForEnd(id);
      expect(inShort(await transcriptOf(session_key))).toEqual(["user: one", "user: still here"]);
    },
    TIMEOUT,
  );
});
