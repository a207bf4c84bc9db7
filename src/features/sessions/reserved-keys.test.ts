import { afterAll, describe, expect, test } from "bun:test";
import { AGENT, pathOf, startSessionGateway } from "#features/sessions/session-fixture.ts";
import { aKey, OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("session keys that belong to somebody on %s", async (dialect) => {
  const gateway = await startSessionGateway(dialect);
  const { call, say } = gateway;
  afterAll(() => gateway.stopAll());
  const writer: CallOptions = { ...(await aKey(gateway, ["write"])), user: "pia" };
  const { id } = (await call("GET", `/v1/agents/${AGENT}`)).body;
  const chat = { model: `goclaw:${AGENT}`, messages: [{ role: "user", content: "hi" }] };

  /** Begins a session in each way, and returns what came of it. */
  const begin = async (session_key: string, options: CallOptions = writer) => {
    const inHeader = { ...options, headers: { "X-GoClaw-Session-Key": session_key } };
    const answers = [
      await call("POST", `/v1/agents/${AGENT}/wake`, { message: "hi", session_key }, options),
      await call("POST", `/v1/agents/${AGENT}/runs`, { input: "hi", session_key }, options),
      await call("POST", "/v1/chat/completions", chat, inHeader),
    ];
    const found = await call("GET", pathOf(session_key), undefined, options);
    return [...answers, found].map(({ status }) => status);
  };

  test.each([
    "agent:another:mine",
    "agent::mine",
    `agent:${AGENT}2:http-1`,
    `agent:${AGENT}:cron:daily`,
    `agent:${AGENT}:heartbeat`,
    `agent:${AGENT}:subagent:one`,
    `agent:${AGENT}:team:one:two`,
    `agent:${AGENT}:my-bot:direct:42`,
    `agent:${AGENT}:my-bot:group:-100:topic:7`,
  ])("%s begins no session of an ordinary user", async (key) => {
    expect(await begin(key)).toEqual([400, 400, 400, 404]);
    const { error } = (
      await call("POST", "/v1/chat/completions", chat, {
        ...writer,
        headers: { "X-GoClaw-Session-Key": key },
      })
    ).body;
    expect([error.param, error.details.reason]).toEqual(["session_key", "session_key_reserved"]);
  });

  test.each([
    `agent:${AGENT}:mine`,
    `agent:${id}:mine`,
    `agent:${AGENT}:cronies`,
    `agent:${AGENT}`,
    "mine",
    "cron:daily",
  ])("%s is anybody's own", async (key) => {
    expect(await say("hello", key, writer)).toBe(key);
    expect(await say("again", key, writer)).toBe(key);
  });

  test("administrators begin the gateway's own sessions, but none under the name of another agent", async () => {
    expect(await say("hello", `agent:${AGENT}:cron:weekly`, OWNER)).toBe(`agent:${AGENT}:cron:weekly`);
    expect((await begin("agent:another:admin", OWNER)).slice(0, 3)).toEqual([400, 400, 400]);
  });

  test("a session stays its user's own when its agent is renamed", async () => {
    const agent_key = "before";
    await call("POST", "/v1/agents", { agent_key, provider: AGENT, model: "m" }, writer);
    const wake = (name: string) =>
      call("POST", `/v1/agents/${name}/wake`, { message: "hi", session_key: `agent:${agent_key}:mine` }, writer);
    expect((await wake(agent_key)).status).toBe(200);
    expect((await call("PUT", `/v1/agents/${agent_key}`, { agent_key: "after" }, writer)).status).toBe(200);
    expect((await wake("after")).status).toBe(200);
  });
});
