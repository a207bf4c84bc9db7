import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("copies of an agent on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect });
  const { call, model } = gateway;
  afterAll(gateway.stop);
  await gateway.anAgent("solo");
  let released = Promise.withResolvers<void>();
  let steps: readonly (readonly [string, ModelReply])[] = [];
  beforeEach(() => {
    released = Promise.withResolvers();
    model.script(({ messages }) => {
      const { role, text = "" } = messages.at(-1) ?? {};
      const step = role === "tool" ? undefined : steps.find(([part]) => text.includes(part));
      return step?.[1] ?? { text: `done after: ${text.slice(0, 2_000)}` };
    });
  });
  const spawn = (fields: object): ModelReply => ({ toolCalls: [{ name: "spawn", arguments: fields }] });
  const wake = async (message: string, session_key: string): Promise<string> =>
    (await call("POST", "/v1/agents/solo/wake", { message, session_key })).body.content;
  const records = async () => (await call("GET", "/v1/delegations?agent_id=solo&limit=50")).body.records;

  test("work on a task, and the agent waits for the result", async () => {
    steps = [
      ["begin", spawn({ task: "count the stars", mode: "sync" })],
      ["count the stars", { text: "vô số ⭐" }],
    ];
    expect(await wake("begin", "agent:solo:sync")).toContain("vô số ⭐");
    expect((await records())[0]).toMatchObject({
      source_agent_key: "solo",
      target_agent_key: "solo",
      status: "completed",
    });
  });

  test("start no further copies", async () => {
    steps = [
      ["begin", spawn({ task: "go deeper", mode: "sync" })],
      ["go deeper", spawn({ task: "deeper still" })],
    ];
    expect(await wake("begin", "agent:solo:deep")).toContain("cannot start further copies");
  });

  test("are listed, waited for, steered and cancelled by id, label or as the last one", async () => {
    const session = "agent:solo:many";
    steps = [
      ["begin", spawn({ task: "hold on", label: "holder" })],
      ["hold on", { text: "first part", hold: released.promise }],
      ["look", spawn({ action: "list" })],
      ["tell it", spawn({ action: "steer", id: "holder", message: "the sky is blue" })],
      ["the sky is blue", { text: "now I know" }],
      ["await it", spawn({ action: "wait", id: "holder" })],
      ["stop it", spawn({ action: "cancel" })],
      ["missing", spawn({ action: "wait", id: "nothing" })],
    ];
    expect(await wake("begin", session)).toContain('"status":"accepted"');
    expect(await wake("look", session)).toContain('"label":"holder","status":"running"');
    expect(await wake("tell it", session)).toContain('"status":"steered"');
    const waiting = wake("await it", session);
    setTimeout(released.resolve, 100);
    expect(await waiting).toContain("now I know");
    // Whoever waits has the result, so it does not come a second time.
    await Bun.sleep(200);
    const history = await call("GET", `/v1/sessions/${encodeURIComponent(session)}/messages`);
    expect(history.text).not.toContain("has ended the task");
    expect(await wake("tell it", session)).toContain("has ended");
    expect(await wake("missing", session)).toContain("There is no task");
    released = Promise.withResolvers();
    steps = [["hold on", { text: "x", hold: released.promise }], ...steps.filter(([part]) => part !== "hold on")];
    await wake("begin", session);
    const [newest] = await records();
    expect(await wake("stop it", session)).toContain(newest.id);
    released.resolve();
    for (let [record] = await records(); record.status === "running"; [record] = await records()) await Bun.sleep(20);
    expect((await records())[0]).toMatchObject({ id: newest.id, status: "cancelled" });
  });

  test("what is missing is said", async () => {
    steps = [["begin", spawn({ action: "spawn" })]];
    expect(await wake("begin", "agent:solo:empty")).toContain("the argument task is missing");
  });
});

describe.each([...testDialects()])("sessions_send on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect });
  const { call, model, useOne } = gateway;
  afterAll(gateway.stop);
  await gateway.anAgent("scripted");
  const send = (fields: object) => useOne("sessions_send", fields, { sessionKey: "agent:scripted:here" });

  test("writes into another conversation with the same user, where the agent answers", async () => {
    await call("POST", "/v1/agents/scripted/wake", { message: "hello", session_key: "agent:scripted:there" });
    expect(await send({ session_key: "agent:scripted:there", message: "mưa rồi ☔" })).toContain('"status":"accepted"');
    const history = async () => (await call("GET", "/v1/sessions/agent%3Ascripted%3Athere/messages")).body.messages;
    while ((await history()).length < 4) await Bun.sleep(20);
    expect(JSON.stringify((await history())[2])).toContain("mưa rồi ☔");
    expect((await history())[3].role).toBe("assistant");
  });

  test("finds a conversation by its title, and nothing that belongs to others", async () => {
    await call("PATCH", "/v1/sessions/agent%3Ascripted%3Athere", { label: "Weather" });
    expect(await send({ label: "Weather", message: "x" })).toContain("agent:scripted:there");
    await call("POST", "/v1/agents/scripted/wake", {
      message: "hi",
      session_key: "agent:scripted:bobs",
      user_id: "bob",
    });
    expect(await send({ session_key: "agent:scripted:bobs", message: "x" })).toContain("no such conversation");
    expect(await send({ session_key: "agent:scripted:here", message: "x" })).toContain(
      "the conversation that you are in",
    );
    expect(await send({ message: "x" })).toContain("Name the conversation");
    expect(model.requests.length).toBeGreaterThan(0);
  });
});
