import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const NAME = "nguyễn 👩\u200d💻";
const SPELLINGS = ["NFC", "NFD"].map((form) => NAME.normalize(form));
const [COMPOSED = "", DECOMPOSED = ""] = SPELLINGS;
const inBytes = (text: string) => Buffer.from(text).toString("latin1");
const headerForms = SPELLINGS.flatMap((name) => [encodeURIComponent(name), inBytes(name)]);

describe.each([...testDialects()])("one person in every script on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  model.script(() => ({ text: "hello" }));

  const newKey = async (fields: object): Promise<string> => {
    const { status, body } = await call("POST", "/v1/api-keys", { name: "k", scopes: ["write"], ...fields });
    expect(status).toBe(201);
    return body.key;
  };
  const chat = (fields: object, options: object = {}) =>
    call(
      "POST",
      "/v1/chat/completions",
      { model: "goclaw:openai", messages: [{ role: "user", content: "hi" }], ...fields },
      options,
    );
  const wake = (fields: object, options: object = {}) =>
    call("POST", "/v1/agents/openai/wake", { message: "hi", ...fields }, options);
  const sessionsOf = async (query: string, options: object = {}) => {
    const { body } = await call("GET", `/v1/sessions?limit=100&${query}`, undefined, options);
    return { total: body.total, users: [...new Set(body.sessions.map(({ userID }: { userID: string }) => userID))] };
  };

  test("has one list of sessions, by header, `user`, `user_id`, filter and the binding of a key", async () => {
    await call("POST", "/v1/agents/openai/shares", { user_id: DECOMPOSED });
    const keys = await Promise.all(SPELLINGS.map((owner_id) => newKey({ owner_id })));
    const unbound = await newKey({});
    const answers = [
      ...(await Promise.all(headerForms.map((user) => chat({}, { user })))),
      ...(await Promise.all(SPELLINGS.map((user) => chat({ user })))),
      ...(await Promise.all(SPELLINGS.map((user_id) => wake({ user_id })))),
      ...(await Promise.all(keys.map((bearer) => wake({}, { bearer, user: null })))),
      ...(await Promise.all(headerForms.map((user) => wake({}, { bearer: unbound, user })))),
    ];
    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(({ text }) => [200, text]));
    const all = { total: answers.length, users: [COMPOSED] };
    for (const name of SPELLINGS) expect(await sessionsOf(`user_id=${encodeURIComponent(name)}`)).toEqual(all);
    for (const bearer of keys) expect(await sessionsOf("", { bearer, user: null })).toEqual(all);
    for (const user of headerForms) expect(await sessionsOf("", { bearer: unbound, user })).toEqual(all);
    for (const name of SPELLINGS) {
      const { body } = await call("GET", `/v1/runs?limit=1&user_id=${encodeURIComponent(name)}`);
      expect([body.total, body.runs[0].user_id]).toEqual([answers.length, COMPOSED]);
    }
    const { instances } = (await call("GET", "/v1/agents/openai/instances")).body;
    expect(instances.map(({ user_id }: { user_id: string }) => user_id)).toEqual([COMPOSED]);
  });

  test("continues one session by its key in a header, a body, a path and a filter", async () => {
    for (const session_key of SPELLINGS.map((name) => `agent:openai:${name}`)) {
      expect((await wake({ session_key })).body.session_key).toBe(`agent:openai:${COMPOSED}`);
      const headers = { "X-GoClaw-Session-Key": encodeURIComponent(session_key) };
      expect((await chat({}, { headers })).headers.get("x-goclaw-session-key")).toBe(
        encodeURIComponent(`agent:openai:${COMPOSED}`).replaceAll("%3A", ":"),
      );
    }
    for (const name of SPELLINGS) {
      const key = encodeURIComponent(`agent:openai:${name}`);
      expect((await call("GET", `/v1/sessions/${key}`)).body.messageCount).toBe(8);
      expect((await call("GET", `/v1/runs?session_key=${key}`)).body.total).toBe(4);
    }
    const own = (await chat({}, { user: encodeURIComponent(NAME) })).headers.get("x-goclaw-session-key") ?? "";
    const headers = { "X-GoClaw-Session-Key": own };
    expect((await chat({}, { user: encodeURIComponent(DECOMPOSED), headers })).status).toBe(200);
    const key = encodeURIComponent(decodeURIComponent(own).normalize("NFD"));
    expect((await call("GET", `/v1/sessions/${key}`)).body.messageCount).toBe(4);
    expect((await call("DELETE", `/v1/sessions/${key}`)).status).toBe(200);
  });

  test("has one file, one share and one membership", async () => {
    const [composed, decomposed] = SPELLINGS.map(encodeURIComponent);
    const file = (name = "") => `/v1/agents/openai/instances/${name}/files/USER.md`;
    expect((await call("PUT", file(decomposed), { content: "likes tea" })).status).toBe(200);
    expect((await call("GET", file(composed))).body.content).toBe("likes tea");
    await chat({}, { user: decomposed });
    expect(gateway.lastSystem()).toContain("likes tea");

    for (const user_id of SPELLINGS) await call("POST", "/v1/agents/openai/shares", { user_id });
    const shares = async () => (await call("GET", "/v1/agents/openai/shares")).body.shares.length;
    expect(await shares()).toBe(1);
    await call("DELETE", `/v1/agents/openai/shares/${decomposed}`);
    expect(await shares()).toBe(0);

    const owner = { user: "system" };
    const { id } = (await call("POST", "/v1/tenants", { name: "T", slug: "t" }, owner)).body;
    const users = `/v1/tenants/${id}/users`;
    const members = async () => (await call("GET", users, undefined, owner)).body.users.length;
    for (const user_id of SPELLINGS) await call("POST", users, { user_id, role: "member" }, owner);
    expect(await members()).toBe(1);
    await call("DELETE", `${users}/${decomposed}`, undefined, owner);
    expect(await members()).toBe(0);
  });

  test("is refused with control characters and bidirectional overrides, wherever it is named", async () => {
    for (const bad of ["nguy\u202en", "ngu\u0007yễn", "ü\u200bü"]) {
      const refused = [
        chat({}, { user: encodeURIComponent(bad) }),
        chat({ user: bad }),
        wake({ user_id: bad }),
        wake({ session_key: bad }),
        chat({}, { headers: { "X-GoClaw-Session-Key": encodeURIComponent(bad) } }),
        call("POST", "/v1/api-keys", { name: "k", scopes: ["write"], owner_id: bad }),
        call("PUT", `/v1/agents/openai/instances/${encodeURIComponent(bad)}/files/USER.md`, { content: "" }),
      ];
      for (const { status, body } of await Promise.all(refused))
        expect([status, body.error.code]).toEqual([400, "INVALID_REQUEST"]);
    }
  });
});
