import { afterAll, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { type ClientOptions, refusalOf, startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const says = (content: string): ChatCompletionMessageParam => ({ role: "user", content });

describe.each([...testDialects()])("sessions of chat clients on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, lastTurns } = gateway;
  afterAll(() => gateway.stop());
  const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  let sessions = 0;
  const aSessionKey = () => `session-${++sessions}`;
  const aClient = (session?: string, { headers, ...options }: ClientOptions = {}) =>
    gateway.client({ ...options, headers: { ...(session && { "X-GoClaw-Session-Key": session }), ...headers } });
  const ask = async (client: OpenAI, messages: ChatCompletionMessageParam[], input: object = {}) => {
    const body = { model: "goclaw:openai", messages, ...input };
    const { data, response } = await client.chat.completions.create(body).withResponse();
    return {
      text: data.choices[0]?.message.content,
      session: response.headers.get("x-goclaw-session-key") ?? "",
      runId: response.headers.get("x-goclaw-run-id") ?? "",
    };
  };
  const storedTurns = async (key: string) => {
    const query = db.read.selectFrom("messages").innerJoin("sessions", "sessions.id", "messages.session_id");
    return (
      await query.select("messages.role").where("sessions.key", "=", key).orderBy("messages.depth").execute()
    ).map(({ role }) => role);
  };
  const aWriter = async (): Promise<string> => {
    const { body } = await gateway.call("POST", "/v1/api-keys", { name: "k", scopes: ["write"] });
    return body.key;
  };

  test("each request without a header is a separate conversation", async () => {
    const [first, second] = [await ask(aClient(), [says("one")]), await ask(aClient(), [says("two")])];
    expect(first.session).toMatch(/^agent:openai:http-ada-[0-9a-f]{8}$/);
    expect(second.session).not.toBe(first.session);
    expect(lastTurns()).toEqual([{ role: "user", text: "two" }]);
  });

  test("a session continues, and only new turns are stored", async () => {
    const { session } = await ask(aClient(), [says("one")]);
    const client = aClient(session);
    const history: ChatCompletionMessageParam[] = [says("one"), { role: "assistant", content: "my own words" }];
    expect((await ask(client, [...history, says("two")])).session).toBe(session);
    expect((await ask(client, [says("three")])).text).toBe("echo: three");
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "echo: one", "two", "echo: two", "three"]);
    expect(await storedTurns(session)).toEqual(["user", "assistant", "user", "assistant", "user", "assistant"]);
  });

  test("a session with the caller's own key starts with the whole history", async () => {
    const key = aSessionKey();
    const history: ChatCompletionMessageParam[] = [says("one"), { role: "assistant", content: "uno" }, says("two")];
    expect((await ask(aClient(key), history)).session).toBe(key);
    await ask(aClient(key), [says("three")]);
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "uno", "two", "echo: two", "three"]);
  });

  test("another user's session is not found, an administrator continues it", async () => {
    const key = aSessionKey();
    const bearer = await aWriter();
    await gateway.call("POST", "/v1/agents/openai/sharing", { user_id: "eve", role: "user" });
    await ask(aClient(key, { bearer }), [says("mine")]);
    const error = await refusalOf(ask(aClient(key, { bearer, user: "eve" }), [says("whose?")]));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(await storedTurns(key)).toHaveLength(2);
    expect((await ask(aClient(key, { user: "eve" }), [says("ours")])).session).toBe(key);
  });

  test("another agent's session is a conflict", async () => {
    const key = aSessionKey();
    await ask(aClient(key), [says("one")]);
    const error = await refusalOf(ask(aClient(key), [says("two")], { model: "goclaw:anthropic" }));
    expect(error).toBeInstanceOf(OpenAI.ConflictError);
    expect(error.error).toMatchObject({ code: "FAILED_PRECONDITION", details: { reason: "other_agent" } });
  });

  test("an invalid session key is refused", async () => {
    for (const key of ["a%0Ab", "x".repeat(513)]) {
      const error = await refusalOf(ask(aClient(key), [says("one")]));
      expect([error.status, error.param]).toEqual([400, "session_key"]);
    }
  });

  test("the user of the body scopes the session, not the rights", async () => {
    const key = aSessionKey();
    const bearer = await aWriter();
    const asUser = (user: string) => ask(aClient(key, { bearer }), [says("hi")], { user });
    const { runId } = await asUser("carl");
    expect((await gateway.waitForEnd(runId)).user_id).toBe("carl");
    expect(await refusalOf(asUser("dora"))).toBeInstanceOf(OpenAI.NotFoundError);
    expect((await ask(aClient(undefined, { bearer }), [says("hi")], { user: "dora" })).session).toContain("http-dora-");
    const stranger = aClient(undefined, { bearer, user: "eva" });
    const error = await refusalOf(ask(stranger, [says("hi")], { model: "goclaw:anthropic", user: "ada" }));
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
  });

  test("a key that is bound to a user ignores the user of the body", async () => {
    const { body } = await gateway.call("POST", "/v1/api-keys", { name: "k", scopes: ["write"], owner_id: "ada" });
    const { runId } = await ask(aClient(undefined, { bearer: body.key, user: "eve" }), [says("hi")], { user: "eve" });
    expect((await gateway.waitForEnd(runId)).user_id).toBe("ada");
  });

  test("requests to one session run one after another", async () => {
    const client = aClient(aSessionKey());
    const call = model.manual();
    const first = ask(client, [says("one")]);
    await call.arrived;
    const second = ask(client, [says("two")]);
    const busy = await refusalOf(ask(client, [says("three")], { on_busy: "reject" }));
    expect(busy.error).toMatchObject({ details: { reason: "session_busy" }, retryable: true });
    await call.send("uno");
    await call.finish();
    expect([(await first).text, (await second).text]).toEqual(["uno", "echo: two"]);
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "uno", "two"]);
  });

  test("a client that disconnects from a stream ends the call and the run, and the text so far is kept", async () => {
    const key = aSessionKey();
    const call = model.manual();
    const leaving = new AbortController();
    const body = { model: "goclaw:openai", messages: [says("tell")], stream: true as const };
    const opening = aClient(key).chat.completions.create(body, { signal: leaving.signal }).withResponse();
    opening.catch(() => {});
    await call.arrived;
    await call.send("once upon");
    const { data, response } = await opening;
    for await (const { choices } of data) if (choices[0]?.delta.content === "once upon") break;
    leaving.abort();
    await call.aborted;
    expect((await call.arrived).aborted).toBe(true);

    const run = await gateway.waitForEnd(response.headers.get("x-goclaw-run-id") ?? "");
    expect(run).toMatchObject({ status: "cancelled", output: "once upon" });
    const stored = (await gateway.eventsOf(run.id)).find(({ type }) => type === "message.completed");
    expect(stored.message).toMatchObject({ is_complete: false, parts: [{ type: "text", text: "once upon" }] });
    expect((await ask(aClient(key), [says("go on")])).text).toBe("echo: go on");
  });

  test("a client that stops waiting for a plain answer ends the call and the run", async () => {
    const key = aSessionKey();
    const call = model.manual();
    const leaving = new AbortController();
    const body = { model: "goclaw:openai", messages: [says("tell")] };
    const answer = refusalOf(aClient(key).chat.completions.create(body, { signal: leaving.signal }));
    await call.arrived;
    await call.send("once upon");
    leaving.abort();
    expect(await answer).toBeInstanceOf(OpenAI.APIUserAbortError);
    await call.aborted;
    const { body: list } = await gateway.call("GET", `/v1/runs?session_key=${key}`);
    const run = await gateway.waitForEnd(list.runs[0].id);
    expect([list.total, run.status]).toEqual([1, "cancelled"]);
  });
});
