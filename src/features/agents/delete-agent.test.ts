import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { runEngine } from "#runtime/engine/run-engine.ts";
import { START } from "#runtime/runs/run-events.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { beginAnswer } from "#testing/model-server.ts";
import { RunFollower } from "#testing/run-follower.ts";
import { readChatStream } from "#testing/streams/read-chat-stream.ts";
import { testDialects } from "#testing/test-database.ts";
import { TEST_USER } from "#testing/test-gateway.ts";

const TIMEOUT = 30_000;

describe.each([...testDialects()])("deleting an agent with open runs on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call, model, url, token } = gateway;
  afterAll(() => gateway.stop());
  const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  const headers = { Authorization: `Bearer ${token}`, "X-GoClaw-User-Id": TEST_USER };

  /** Scripts a model response that sends one word and its usage, and then never ends. */
  const beginForever = () => model.enqueue({ raw: [beginAnswer("openai", 40)], fault: "without_close" });
  const chat = (agent: string) =>
    fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify({ model: `goclaw:${agent}`, stream: true, messages: [{ role: "user", content: "hi" }] }),
    });
  const wake = (agent: string) => call("POST", `/v1/agents/${agent}/wake`, { message: "hi" });
  const start = async (agent: string, extra: object = {}) =>
    (await call("POST", `/v1/agents/${agent}/runs`, { input: "hi", ...extra })).body;
  const follow = async (id: string) => {
    const follower = new RunFollower(id);
    await follower.read(url, { headers });
    return follower;
  };
  const hasSpoken = async (id: string) => (await gateway.eventsOf(id)).some(({ type }) => type === "text.delta");
  const runsOf = async (agent: string): Promise<string[]> =>
    (await call("GET", `/v1/runs?agent_id=${agent}`)).body.runs.map(({ id }: { id: string }) => id);
  const isAtWork = async (agent: string, count: number) => {
    for (let ids = await runsOf(agent); ; ids = await runsOf(agent)) {
      if (ids.length === count && (await Promise.all(ids.map(hasSpoken))).every(Boolean)) return ids;
      await Bun.sleep(5);
    }
  };
  const usageOf = (ids: readonly string[]) =>
    db.read.selectFrom("usage_records").select(["run_id", "input_tokens"]).where("run_id", "in", ids).execute();

  test(
    "every waiting client receives the cancellation, and the tokens used are counted",
    async () => {
      const agent = await gateway.anAgent();
      const before = model.requests.length;
      for (let runs = 0; runs < 3; runs++) beginForever();
      const [chatted, woken, started] = [chat(agent).then(readChatStream), wake(agent), await start(agent)];
      const followed = follow(started.id);
      const ids = await isAtWork(agent, 3);

      const deleted = await call("DELETE", `/v1/agents/${agent}`);
      expect([deleted.status, deleted.body]).toEqual([200, { ok: "true" }]);
      expect(await chatted).toEqual({ text: "so", isDone: false, errorCode: "FAILED_PRECONDITION" });
      const answer = await woken;
      expect([answer.status, answer.body.error.details]).toEqual([409, { reason: "cancelled" }]);
      const { events, problems } = await followed;
      expect([events.at(-1)?.type, problems]).toEqual(["run.cancelled", []]);

      while (!model.requests.slice(before).every(({ aborted }) => aborted)) await Bun.sleep(5);
      const usage = await usageOf(ids);
      expect(usage.map(({ input_tokens }) => Number(input_tokens))).toEqual([40, 40, 40]);
      expect((await call("GET", `/v1/runs/${started.id}`)).status).toBe(404);
      expect((await call("GET", `/v1/runs/${started.id}/events`)).status).toBe(404);
      expect((await call("DELETE", `/v1/agents/${agent}`)).status).toBe(404);
    },
    TIMEOUT,
  );

  test(
    "runs queued behind a running one are cancelled with it",
    async () => {
      const [agent, session_key] = [await gateway.anAgent(), `waiting-${dialect}`];
      beginForever();
      const first = await start(agent, { session_key });
      const waiting = [await start(agent, { session_key }), await start(agent, { session_key })];
      const followed = [first, ...waiting].map(({ id }) => follow(id));
      while (!(await hasSpoken(first.id))) await Bun.sleep(5);
      expect((await call("DELETE", `/v1/agents/${agent}`)).status).toBe(200);
      const stories = await Promise.all(followed);
      expect(stories.map(({ events }) => events.at(-1)?.type)).toEqual(Array(3).fill("run.cancelled"));
      expect((await call("GET", `/v1/sessions/${session_key}`)).status).toBe(404);
    },
    TIMEOUT,
  );

  test(
    "a slow reader still receives the end after the run was deleted",
    async () => {
      const agent = await gateway.anAgent();
      beginForever();
      const { id } = await start(agent);
      const engine = gateway.gateway.services.use(runEngine);
      const story = engine.follow(db, id, START, new AbortController().signal);
      const next = async () => (await story.next()).value?.event.type;
      while ((await next()) !== "text.delta");
      expect((await call("DELETE", `/v1/agents/${agent}`)).status).toBe(200);
      expect([await next(), await next(), await next()]).toEqual(["message.completed", "run.cancelled", undefined]);
    },
    TIMEOUT,
  );

  test("a caller without permission to delete cancels no run", async () => {
    const agent = await gateway.anAgent();
    beginForever();
    const { id } = await start(agent);
    while (!(await hasSpoken(id))) await Bun.sleep(5);
    expect((await call("DELETE", `/v1/agents/${agent}`, undefined, { user: null })).status).toBe(400);
    expect((await call("DELETE", `/v1/agents/${agent}`, undefined, { user: "eve" })).status).toBe(403);
    expect((await call("GET", `/v1/runs/${id}`)).body.status).toBe("running");
    expect((await call("DELETE", `/v1/agents/${agent}`)).status).toBe(200);
  });

  test(
    "calls during the deletion are answered or refused with a reason",
    async () => {
      const agent = await gateway.anAgent();
      let isOver = false;
      const answers = new Set<string>();
      const callRepeatedly = async () => {
        while (!isOver) {
          const { status, body } = await wake(agent);
          answers.add(status === 200 ? "answered" : `${body.error.code} ${body.error.details?.reason ?? ""}`);
        }
      };
      const callers = Promise.all(Array.from({ length: 8 }, callRepeatedly));
      while (!answers.has("answered")) await Bun.sleep(5);
      expect((await call("DELETE", `/v1/agents/${agent}`)).status).toBe(200);
      while (!answers.has("NOT_FOUND ")) await Bun.sleep(5);
      isOver = true;
      await callers;
      const known = ["answered", "FAILED_PRECONDITION cancelled", "NOT_FOUND "];
      expect([...answers].filter((answer) => !known.includes(answer))).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    "the streams of a run whose row was deleted end with a typed error",
    async () => {
      const agent = await gateway.anAgent();
      const manual = model.manual();
      const answer = chat(agent);
      await manual.arrived;
      await manual.send("half ");
      const [id = ""] = await isAtWork(agent, 1);
      const [events, chatted] = [await fetch(`${url}/v1/runs/${id}/events`, { headers }), await answer];
      await db.write((queries) => queries.deleteFrom("runs").where("id", "=", id).execute());
      await manual.send("an answer");
      await manual.finish();
      const { isDone, errorCode } = await readChatStream(chatted);
      expect([isDone, errorCode]).toEqual([false, "NOT_FOUND"]);
      const last = (await events.text()).trimEnd().split("\n\n").at(-1) ?? "";
      expect(last).toStartWith("event: error\n");
      expect(last).toContain('"code":"NOT_FOUND"');
    },
    TIMEOUT,
  );

  test(
    "a run that another process holds is deleted after the timeout, and its followers here receive NOT_FOUND",
    async () => {
      const agent = await gateway.anAgent();
      const session_key = `agent:${agent}:one`;
      beginForever();
      const held = await start(agent, { session_key });
      const queued = await start(agent, { session_key, on_busy: "queue" });
      while (!(await hasSpoken(held.id))) await Bun.sleep(5);
      const elsewhere = { lease_owner: "another", lease_until: "2999-01-01T00:00:00.000Z" };
      await db.write(async (queries) => {
        await queries.updateTable("runs").set(elsewhere).where("id", "in", [held.id, queued.id]).execute();
      });
      const followed = fetch(`${url}/v1/runs/${held.id}/events`, {
        headers: { ...headers, Accept: "text/event-stream" },
      });
      const story = await followed;
      expect((await call("DELETE", `/v1/agents/${agent}`)).status).toBe(200);
      expect(await story.text()).toContain("NOT_FOUND");
      expect((await call("GET", `/v1/runs/${held.id}`)).status).toBe(404);
    },
    TIMEOUT,
  );
});
