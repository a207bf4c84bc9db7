import { afterAll, describe, expect, onTestFinished, test } from "bun:test";
import { createAgent } from "#testing/create-agent.ts";
import { type RecordedRequest, startModelServer } from "#testing/model-server.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const isTitle = ({ messages }: RecordedRequest) => messages[0]?.text.startsWith("Write the title") ?? false;

describe.each([...testDialects()])("titles of sessions on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect, env: { GOCLAW_SESSIONS_TITLES: "model" } });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  let sessions = 0;
  const newKey = () => `agent:scripted:titled-${dialect}-${++sessions}`;
  const script = (title: object) =>
    model.script((request) => (isTitle(request) ? title : { text: "Use a trellis and water it in the morning." }));
  const wake = (message: string, options: object) => call("POST", "/v1/agents/scripted/wake", { message, ...options });
  const sessionOf = async (key: string) => (await call("GET", `/v1/sessions/${encodeURIComponent(key)}`)).body;
  const labelOf = async (key: string): Promise<string> => {
    for (let { label } = await sessionOf(key); ; { label } = await sessionOf(key)) {
      if (label) return label;
      await Bun.sleep(5);
    }
  };

  test("come from the model after the first answer, without quotation marks and extra lines", async () => {
    script({ text: '"Growing tomatoes on a balcony."\n\nIs that fine?' });
    const session_key = newKey();
    await wake("How do I grow tomatoes?", { session_key });
    expect(await labelOf(session_key)).toBe("Growing tomatoes on a balcony");
    const found = await call("GET", "/v1/sessions?q=TOMATOES");
    expect(found.body.sessions.map(({ key }: { key: string }) => key)).toEqual([session_key]);
    const request = model.requests.findLast(isTitle);
    expect(request?.lastUserText).toContain("user:\nHow do I grow tomatoes?\n\nassistant:\nUse a trellis");
    expect(request?.body.temperature).toBe(0.3);

    const requestsBefore = model.requests.filter(isTitle).length;
    await wake("And cucumbers?", { session_key });
    await call("GET", "/v1/sessions");
    expect(model.requests.filter(isTitle)).toHaveLength(requestsBefore);
  });

  test("are the user's first words if the model gives no title", async () => {
    script({ status: 400 });
    const session_key = newKey();
    await wake(`Why   is\nthe sky blue? ${"Tell me. ".repeat(20)}`, { session_key });
    const label = await labelOf(session_key);
    expect(label).toStartWith("Why is the sky blue? Tell me.");
    expect(label).toHaveLength(60);
  });

  test("that a user has set stay", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    script({ text: "Another title", hold: promise });
    const session_key = newKey();
    await wake("hello", { session_key });
    await call("PATCH", `/v1/sessions/${encodeURIComponent(session_key)}`, { label: "Mine" });
    resolve();
    await wake("hello", { session_key });
    expect((await sessionOf(session_key)).label).toBe("Mine");
  });

  test("are not made for a session that its caller did not name", async () => {
    script({ text: "Never" });
    const requestsBefore = model.requests.filter(isTitle).length;
    const { body } = await wake("hello", {});
    await call("POST", "/v1/chat/completions", {
      model: "goclaw:scripted",
      messages: [{ role: "user", content: "hi" }],
    });
    expect((await sessionOf(body.session_key)).label ?? "").toBe("");
    expect(model.requests.filter(isTitle)).toHaveLength(requestsBefore);
  });

  test("are written by the next start if the gateway dies before the model has answered", async () => {
    const server = await startModelServer();
    const env = { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${server.port}`, GOCLAW_SESSIONS_TITLES: "model" };
    const site = await createServerSite(dialect, env);
    let gateway = await startReadyServer(site);
    onTestFinished(async () => {
      gateway.signal("SIGKILL");
      await gateway.exited;
      await server.stop();
      await site.remove();
    });
    await createAgent(site, { modelUrl: server.url, agent: "titled" });
    const never = new Promise<void>(() => {});
    server.script((request) => (isTitle(request) ? { text: "Lost", hold: never } : { text: "An answer" }));
    const headers = { Authorization: `Bearer ${site.token()}`, "Content-Type": "application/json" };
    const session_key = "agent:titled:survives";
    const body = JSON.stringify({ message: "hello", session_key });
    await fetch(`${site.url}/v1/agents/titled/wake`, { method: "POST", headers, body, keepalive: false });
    while (!server.requests.some(isTitle)) await Bun.sleep(10);
    gateway.signal("SIGKILL");
    await gateway.exited;

    server.script((request) => ({ text: isTitle(request) ? "Found again" : "Another answer" }));
    gateway = await startReadyServer(site);
    const read = async (path: string) => (await fetch(site.url + path, { headers, keepalive: false })).json();
    const labelNow = async () =>
      ((await read(`/v1/sessions/${encodeURIComponent(session_key)}`)) as { label?: string }).label;
    while ((await labelNow()) === undefined) await Bun.sleep(20);
    expect(await labelNow()).toBe("Found again");
    expect(server.requests.filter(isTitle)).toHaveLength(2);
  }, 60_000);
});
