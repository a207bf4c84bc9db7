import { afterAll, describe, expect, test } from "bun:test";
import { type Client, createClient, GoClawError } from "#client/index.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";

const gateway = await startChatGateway({ wires: ["openai"] });
const { model } = gateway;
const client = createClient({ url: gateway.url, token: gateway.token, userId: "Nguyễn 🦊" });
await gateway.call("POST", "/v1/agents/openai/sharing", { user_id: "Nguyễn 🦊" });
afterAll(() => gateway.stop());

test.each(["", ".", ".."])("a call never goes to another route than its own: the id %j", async (id) => {
  const refusal = await client.call("agents.get", { id }).catch((thrown: unknown) => thrown);
  expect(refusal).toMatchObject({ code: "INVALID_REQUEST", message: expect.stringContaining("the field id") });
});

describe.each(["http", "socket"] as const)("the client over %s", (door) => {
  const connection = door === "socket" ? client.connect() : undefined;
  const { call, followRun }: Pick<Client, "call" | "followRun"> = connection
    ? { call: connection.call.bind(connection), followRun: connection.followRun.bind(connection) }
    : client;
  afterAll(() => connection?.close());

  test("calls operations by their names", async () => {
    const { agents } = await call("agents.list");
    expect(agents.map(({ agent_key }) => agent_key)).toContain("default");
    const agent = await call("agents.create", { agent_key: `made-${door}`, provider: "openai", model: "m" });
    expect(agent).toMatchObject({ owner_id: "Nguyễn 🦊", model: "m" });
    expect(await call("agents.get", { id: agent.agent_key })).toEqual(agent);
    expect((await call("agents.update", { id: agent.id, display_name: "Cáo 🦊" })).ok).toBe("true");
    expect((await call("runs.list", { agent_id: agent.id, limit: 5 })).limit).toBe(5);
    await call("agents.delete", { id: agent.id });
    const refusal = await call("agents.get", { id: agent.id }).catch((thrown: unknown) => thrown);
    expect(refusal).toBeInstanceOf(GoClawError);
    expect(refusal).toMatchObject({ code: "NOT_FOUND", retryable: false, status: door === "http" ? 404 : undefined });
  });

  test("follows a run from its beginning to its end", async () => {
    model.enqueue({ text: ["One", " two"], reasoning: ["hm"], usage: { input: 1, output: 2 } });
    const run = await call("runs.start", { id: "openai", input: "count" });
    const types: string[] = [];
    let text = "";
    for await (const event of followRun(run.id)) {
      types.push(event.type);
      if (event.type === "text.delta") text += event.text;
    }
    expect(text).toBe("One two");
    expect(types[0]).toBe("run.queued");
    expect(types.at(-1)).toBe("run.completed");
  });

  test("aborts a call", async () => {
    const stop = new AbortController();
    const upstream = model.manual();
    const waiting = call("agents.wake", { id: "openai", message: "hi" }, { signal: stop.signal });
    await upstream.arrived;
    stop.abort();
    expect(await waiting.catch((thrown: unknown) => thrown)).toMatchObject({ code: "ABORTED" });
    await upstream.aborted;
  });
});

test("a browser without a token is told its code, and is let in by its id once it is approved", async () => {
  const { ready } = createClient({ url: gateway.url, userId: "lan" }).connect();
  const refusal = await ready.catch((thrown: unknown) => thrown);
  if (!(refusal instanceof GoClawError)) throw new Error("the connection was not refused");
  const { code, retryable, details } = refusal;
  expect({ code, retryable, reason: details.reason }).toEqual({
    ...{ code: "UNAUTHORIZED", retryable: false, reason: "pairing_required" },
  });
  const admin = client.connect();
  await admin.call("devices.approve", { code: String(details.pairing_code) });
  admin.close();
  const paired = createClient({ url: gateway.url, userId: "lan", senderId: String(details.sender_id) });
  const live = paired.connect();
  for (const { agents } of [await paired.call("agents.list"), await live.call("agents.list")]) {
    expect(agents.map(({ agent_key }) => agent_key)).toContain("default");
  }
  live.close();
});
