import { afterAll, describe, expect, test } from "bun:test";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { Answer, CallOptions } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("an Idempotency-Key on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  let keys = 0;
  const aName = () => `key-${++keys}`;
  const post = (path: string, body: unknown, key: string, { headers, ...options }: CallOptions = {}) =>
    call("POST", path, body, { ...options, headers: { "Idempotency-Key": key, ...headers } });
  const isReplay = ({ headers }: Answer) => headers.get("idempotency-replayed") === "true";
  const chat = (text: string, extra: object = {}) => ({
    model: "goclaw:openai",
    messages: [{ role: "user", content: text }],
    ...extra,
  });
  const sessionOf = (key: string): CallOptions => ({ headers: { "X-GoClaw-Session-Key": key } });
  const runsOf = async (session: string): Promise<number> =>
    (await call("GET", `/v1/runs?session_key=${session}`)).body.total;
  const textOf = ({ text }: Answer): string =>
    [...text.matchAll(/^data: (\{.*)$/gm)]
      .map(([, json = "{}"]) => JSON.parse(json).choices?.[0]?.delta.content ?? "")
      .join("");

  const ROUTES: readonly (readonly [string, () => readonly [string, object]])[] = [
    ["agents.create", () => ["/v1/agents", { agent_key: aName(), provider: "p", model: "m" }]],
    ["runs.start", () => ["/v1/agents/openai/runs", { input: "hi", session_key: aName() }]],
    ["agents.wake", () => ["/v1/agents/openai/wake", { message: "hi", session_key: aName() }]],
    ["chat.completions", () => ["/v1/chat/completions", chat("hi", { user: aName() })]],
  ];

  describe.each(ROUTES)("for %s", (_, make) => {
    test("gives the same answer again and takes effect once", async () => {
      const [path, body] = make();
      const key = aName();
      const first = await post(path, body, key);
      const before = model.requests.length;
      const second = await post(path, body, key);
      expect([isReplay(first), isReplay(second)]).toEqual([false, true]);
      expect([second.status, second.body]).toEqual([first.status, first.body]);
      for (const name of ["location", "x-goclaw-session-key", "x-goclaw-run-id", "x-goclaw-model"]) {
        expect(second.headers.get(name)).toBe(first.headers.get(name));
      }
      if (path !== "/v1/agents/openai/runs") expect(model.requests.length).toBe(before);
    });

    test("refuses a different body", async () => {
      const [path, body] = make();
      const key = aName();
      await post(path, body, key);
      const other = await post(path, { ...body, extra: 1 }, key);
      expect(other.status).toBe(409);
      expect(other.body.error).toMatchObject({
        code: "FAILED_PRECONDITION",
        details: { reason: "idempotency_conflict" },
      });
    });
  });

  test("a background run gives its first answer again, even after its end", async () => {
    const [key, body] = [aName(), { input: "hi" }];
    const first = await post("/v1/agents/openai/runs", body, key);
    expect((await gateway.waitForEnd(first.body.id)).status).toBe("completed");
    expect((await post("/v1/agents/openai/runs", body, key)).body).toEqual(first.body);
  });

  test("a new API key is not shown twice", async () => {
    const [key, body] = [aName(), { name: "k", scopes: ["read"] }];
    const first = await post("/v1/api-keys", body, key);
    const second = await post("/v1/api-keys", body, key);
    const { key: raw, ...rest } = first.body;
    expect(raw).toStartWith("goclaw_");
    expect([second.status, second.body]).toEqual([201, rest]);
  });

  test("a streamed answer is replayed from its run, with the same text", async () => {
    const [key, body] = [aName(), chat("tell me more", { stream: true })];
    const first = await post("/v1/chat/completions", body, key);
    const before = model.requests.length;
    const second = await post("/v1/chat/completions", body, key);
    expect(isReplay(second)).toBe(true);
    expect(second.headers.get("content-type")).toStartWith("text/event-stream");
    expect(textOf(first)).toBe("echo: tell me more");
    expect(textOf(second)).toBe(textOf(first));
    expect(second.text).toEndWith("data: [DONE]\n\n");
    for (const name of ["x-goclaw-session-key", "x-goclaw-run-id", "x-goclaw-model"]) {
      expect(second.headers.get(name)).toBe(first.headers.get(name));
    }
    expect(model.requests.length).toBe(before);
  });

  test("a streamed answer with a call of the client's tool is replayed with the same call", async () => {
    const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }];
    const [key, body] = [aName(), chat("rain?", { tools, stream: true })];
    model.enqueue({ toolCalls: [{ name: "weather", arguments: { city: "Hue" } }] });
    const callOf = ({ text }: Answer) => /"id":"(call_\w+)"/.exec(text)?.[1];
    const first = await post("/v1/chat/completions", body, key);
    const second = await post("/v1/chat/completions", body, key);
    expect(callOf(first)).toStartWith("call_");
    expect(callOf(second)).toBe(callOf(first));
    expect(second.text).toContain('"finish_reason":"tool_calls"');
  });

  test("the same key of another caller, tenant or route is a different call", async () => {
    const [key, input] = [aName(), { name: "k", scopes: ["read"] }];
    const tenant = `tenant-${dialect}`;
    await aTenant(gateway, tenant);
    const admin = await aKey(gateway, ["admin"]);
    const answers = [
      await post("/v1/api-keys", input, key),
      await post("/v1/api-keys", input, key, { user: "eve" }),
      await post("/v1/api-keys", input, key, { bearer: admin.bearer }),
      await post("/v1/api-keys", input, key, { ...OWNER, headers: { "X-GoClaw-Tenant-Id": tenant } }),
    ];
    expect(answers.map(isReplay)).toEqual([false, false, false, false]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(4);
    const agent = { ...input, agent_key: aName(), provider: "p", model: "m" };
    expect((await post("/v1/agents", agent, key)).status).toBe(201);
  });

  test("another session or agent in the headers is a different request", async () => {
    const [key, body] = [aName(), chat("hi", { model: "gpt" })];
    const agent = { "X-GoClaw-Agent-Id": "openai" };
    await post("/v1/chat/completions", body, key, { headers: { ...agent, "X-GoClaw-Session-Key": "one" } });
    for (const headers of [
      { ...agent, "X-GoClaw-Session-Key": "two" },
      { "X-GoClaw-Agent-Id": "anthropic", "X-GoClaw-Session-Key": "one" },
    ]) {
      expect((await post("/v1/chat/completions", body, key, { headers })).status).toBe(409);
    }
  });

  test("concurrent calls run once", async () => {
    const [key, session] = [aName(), aName()];
    const before = model.requests.length;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post("/v1/chat/completions", chat("hi"), key, sessionOf(session))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(isReplay)).toHaveLength(7);
    expect([await runsOf(session), model.requests.length - before]).toEqual([1, 1]);
  });

  test("concurrent creations create one agent", async () => {
    const [key, body] = [aName(), { agent_key: aName(), provider: "p", model: "m" }];
    const answers = await Promise.all(Array.from({ length: 8 }, () => post("/v1/agents", body, key)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test("a second stream joins the first while it runs, and continues when the first client disconnects", async () => {
    const [key, session] = [aName(), aName()];
    const upstream = model.manual();
    const leaving = new AbortController();
    const open = (signal: AbortSignal) =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        signal,
        headers: {
          Authorization: `Bearer ${gateway.token}`,
          "Idempotency-Key": key,
          "X-GoClaw-Session-Key": session,
          "Content-Type": "application/json",
        },
        body: JSON.stringify(chat("hi", { stream: true })),
      });
    const first = open(leaving.signal);
    await upstream.arrived;
    await upstream.send("one ");
    await (await first).body?.getReader().read();
    const second = await open(new AbortController().signal);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    leaving.abort();
    await upstream.send("two");
    await upstream.finish();
    const text = await second.text();
    expect(textOf({ text } as Answer)).toBe("one two");
    expect(text).toEndWith("data: [DONE]\n\n");
    expect(await runsOf(session)).toBe(1);
  });

  test("a refusal is replayed, even after its cause has gone", async () => {
    const [key, agent_key] = [aName(), aName()];
    const body = { agent_key, provider: "p", model: "m" };
    const { body: agent } = await call("POST", "/v1/agents", body);
    const first = await post("/v1/agents", body, key, { headers: { "Accept-Language": "vi" } });
    expect([first.status, first.body.error.code]).toEqual([409, "ALREADY_EXISTS"]);
    await call("DELETE", `/v1/agents/${agent.id}`);
    const second = await post("/v1/agents", body, key, { headers: { "Accept-Language": "vi" } });
    expect([second.status, second.body, isReplay(second)]).toEqual([409, first.body, true]);
    expect((await post("/v1/agents", body, key)).body.error.message).not.toBe(first.body.error.message);
    expect((await post("/v1/agents", body, aName())).status).toBe(201);
  });

  test("an error of a provider that refuses its API key is replayed", async () => {
    const key = aName();
    model.enqueue({ status: 401 });
    const first = await post("/v1/chat/completions", chat("hi"), key);
    const before = model.requests.length;
    const second = await post("/v1/chat/completions", chat("hi"), key);
    expect([first.status, second.status, second.body]).toEqual([409, 409, first.body]);
    expect(model.requests.length).toBe(before);
  });

  describe.each([
    ["chat", "/v1/chat/completions", chat("hi")],
    ["streamed chat", "/v1/chat/completions", chat("hi", { stream: true })],
    ["wake", "/v1/agents/openai/wake", { message: "hi" }],
  ])("for %s", (_, path, body) => {
    test.each([500, 429])("a provider's %i is not recorded, and the next call runs", async (status) => {
      const key = aName();
      model.enqueue({ status }, { text: "better" });
      const answers = [await post(path, body, key), await post(path, body, key), await post(path, body, key)];
      expect(answers.map(isReplay)).toEqual([false, false, true]);
      expect(answers.map((answer) => answer.status)).toEqual([status === 429 ? 429 : 503, 200, 200]);
      expect(answers[1]?.text).toContain("better");
      expect(answers[2]?.text).toContain("better");
    });
  });

  test("a stream that broke off is not recorded", async () => {
    const key = aName();
    const body = chat("hi", { stream: true });
    model.enqueue({ text: ["half ", "of"], cutAfterChunks: 1 }, { text: "all of it" });
    const broken = await post("/v1/chat/completions", body, key);
    expect(broken.text).toContain('"error"');
    expect(textOf(await post("/v1/chat/completions", body, key))).toBe("all of it");
  });

  test("a malformed key is refused, and methods other than POST ignore the key", async () => {
    expect((await post("/v1/agents", {}, "k".repeat(256))).body.error.code).toBe("INVALID_REQUEST");
    const options = { headers: { "Idempotency-Key": aName() } };
    const { body: agent } = await call("POST", "/v1/agents", { agent_key: aName(), provider: "p", model: "m" });
    const path = `/v1/agents/${agent.id}`;
    expect((await call("GET", path, undefined, options)).status).toBe(200);
    expect((await call("DELETE", path, undefined, options)).status).toBe(200);
    expect((await call("DELETE", path, undefined, options)).status).toBe(404);
    const gone = await call("GET", path, undefined, options);
    expect([gone.status, isReplay(gone)]).toEqual([404, false]);
  });
});
