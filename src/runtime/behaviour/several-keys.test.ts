import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import type { ModelReply, RecordedRequest } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const KEYS = ["key-number-one", "key-number-two", "key-number-three"] as const;
const [FIRST, SECOND, THIRD] = KEYS;
const keyOf = ({ headers }: RecordedRequest) =>
  KEYS.find((key) =>
    [`Bearer ${key}`, key].includes(headers.authorization ?? headers["x-api-key"] ?? headers["x-goog-api-key"] ?? ""),
  );

describe.each([...testDialects()])("a provider with several keys on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, env: { GOCLAW_MODELS_MAX_ATTEMPTS: "2" } });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  let providers = 0;
  const anAgent = async (wire: Wire = "openai", settings: object = {}) => {
    const provider = `keys-${++providers}`;
    const provider_type = WIRES.find((known) => known.wire === wire)?.providerType;
    const keys = { api_key: FIRST, api_keys: [SECOND, THIRD] };
    await call("POST", "/v1/providers", { name: provider, provider_type, api_base: `${model.url}/v1`, ...keys });
    return gateway.anAgent(wire, { provider, model: "m", ...settings });
  };
  /** Sends a message. Keys with a reply of their own get it. Returns the answer and the keys in the order of the calls. */
  const send = async (agent: string, replies: Readonly<Record<string, ModelReply>> = {}) => {
    const before = model.requests.length;
    model.script((request) => replies[keyOf(request) ?? ""] ?? { text: "well" });
    const { status, body } = await call("POST", `/v1/agents/${agent}/wake`, { message: "hi" });
    const keys = model.requests.slice(before).map(keyOf);
    return { status, body, keys };
  };

  test.each([...WIRES])("uses them in turn over the $wire format", async ({ wire }) => {
    const agent = await anAgent(wire);
    const used = [];
    for (let calls = 0; calls < 4; calls++) used.push(...(await send(agent)).keys);
    expect(used).toEqual([FIRST, SECOND, THIRD, FIRST]);
  });

  test.each<readonly [string, ModelReply]>([
    ["refuses", { status: 401 }],
    ["limits", { status: 429, headers: { "retry-after": "60" } }],
    ["lets pay", { status: 402 }],
    ["keeps from the model", { status: 403, text: "you do not have access to the model m" }],
  ])("moves on at once from a key that it %s, and passes it over afterwards", async (_, reply) => {
    const agent = await anAgent();
    const first = await send(agent, { [FIRST]: reply });
    expect([first.body.content, first.keys]).toEqual(["well", [FIRST, SECOND]]);
    const later = [];
    for (let calls = 0; calls < 3; calls++) later.push(...(await send(agent)).keys);
    expect(later).toEqual([SECOND, THIRD, SECOND]);
  });

  test("calls a key again after a successful verification", async () => {
    const agent = await anAgent();
    expect((await send(agent, { [FIRST]: { status: 401 } })).keys).toEqual([FIRST, SECOND]);
    const { providers: rows } = (await call("GET", "/v1/providers")).body;
    const { id } = rows.find(({ name }: { name: string }) => name === `keys-${providers}`);
    model.script(() => ({ text: "well" }));
    expect((await call("POST", `/v1/providers/${id}/verify`, { model: "m" })).body).toEqual({ valid: true });
    const used = [];
    for (let calls = 0; calls < 3; calls++) used.push(...(await send(agent)).keys);
    expect(used).toEqual([SECOND, THIRD, FIRST]);
  });

  test("goes to a fallback only after every key was refused", async () => {
    const candidates = [{ provider: "openai", model: "spare" }];
    const agent = await anAgent("openai", { model_fallback: { candidates } });
    const refused = { [FIRST]: { status: 401 }, [SECOND]: { status: 429 }, [THIRD]: { status: 401 } };
    const { body, keys } = await send(agent, refused);
    expect([body.content, keys.slice(0, 3)]).toEqual(["well", [FIRST, SECOND, THIRD]]);
    expect(gateway.lastBody().model).toBe("spare");
  });

  test("does not try another key for what no key can change", async () => {
    const { status, keys } = await send(await anAgent(), { [FIRST]: { status: 400 } });
    expect([status, keys]).toEqual([400, [FIRST]]);
  });

  test("waits after a limit of its last key, and calls that one again", async () => {
    const soon = { status: 429, headers: { "retry-after-ms": "5" } };
    const { status, keys } = await send(await anAgent(), { [FIRST]: soon, [SECOND]: soon, [THIRD]: soon });
    expect([status, keys]).toEqual([429, [FIRST, SECOND, THIRD, THIRD]]);
  });

  test("shows none of them in its messages", async () => {
    const echo = { status: 401, text: `bad keys ${KEYS.join(" ")}` };
    const { body } = await send(await anAgent(), { [FIRST]: echo, [SECOND]: echo, [THIRD]: echo });
    expect(body.error.details.provider_message).toBe("bad keys [REDACTED] [REDACTED] [REDACTED]");
  });
});
