import { afterAll, describe, expect, test } from "bun:test";
import type { ResponseInputItem } from "openai/resources/responses/responses";
import { refusalOf, startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const PNG = `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==`;

/** An item as the tests read it. */
interface ReadItem {
  readonly id?: string | null;
  readonly type: string;
  readonly role?: unknown;
  readonly content?: unknown;
}

describe.each([...testDialects()])("a stored response on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model, lastTurns } = gateway;
  const client = gateway.client();
  afterAll(() => gateway.stop());

  const ask = (input: string | ResponseInputItem[], extra: object = {}) =>
    client.responses.create({ model: "goclaw:openai", input, ...extra, stream: false });
  const itemsOf = async (id: string, query: object = {}) => {
    const { data, has_more } = await client.responses.inputItems.list(id, { order: "asc", ...query });
    return { items: data as readonly ReadItem[], has_more };
  };
  const keyOf = async (scopes: readonly string[], name: string) =>
    (await gateway.call("POST", "/v1/api-keys", { name, scopes })).body.key as string;

  test("is read back as it was answered", async () => {
    model.enqueue({ text: "A moment.", toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "It is late." });
    const request = {
      instructions: "Be brief.",
      metadata: { ticket: "4711" },
      temperature: 0.25,
      top_p: 0.5,
      max_output_tokens: 99,
      max_tool_calls: 3,
      parallel_tool_calls: false,
      prompt_cache_key: "k",
      safety_identifier: "s",
      truncation: "auto",
      user: "ada",
      reasoning: { effort: "low" },
      tools: [{ type: "function", name: "weather", parameters: { type: "object" }, strict: true, description: null }],
      tool_choice: "auto",
    };
    const made = await ask("What time is it?", request);
    expect(made.output_text).toBe("A moment.\n\nIt is late.");
    expect(made).toMatchObject({ ...request, reasoning: { effort: "low", summary: null }, store: true });
    expect(await client.responses.retrieve(made.id)).toEqual(made);
    expect((await client.responses.retrieve(made.id.replace("_", "-"))).id).toBe(made.id);
  });

  test("is the same when it was streamed", async () => {
    model.enqueue({ text: "A moment.", toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "It is late." });
    const streamed = await client.responses.stream({ model: "goclaw:openai", input: "hello" }).finalResponse();
    expect(streamed.output_text).toBe("A moment.\n\nIt is late.");
    const { output, usage, status } = await client.responses.retrieve(streamed.id);
    expect(output).toEqual(streamed.output.map((item) => expect.objectContaining({ id: item.id, type: item.type })));
    expect({ usage, status }).toEqual({ usage: streamed.usage, status: streamed.status });
  });

  test("lists the items that it answers, in pages", async () => {
    const content = [
      { type: "input_text" as const, text: "What is it?" },
      { type: "input_image" as const, image_url: PNG, detail: "low" as const },
    ];
    const { id } = await ask([
      { role: "developer", content: "Look closely." },
      { role: "user", content: "Hello" },
      { type: "message", role: "assistant", content: "Hi." },
      { role: "user", content },
    ]);
    const { items } = await itemsOf(id);
    expect(items.map(({ type, role }) => [type, role])).toEqual([
      ["message", "system"],
      ["message", "user"],
      ["message", "assistant"],
      ["message", "user"],
    ]);
    expect(items[3]?.content).toMatchObject([
      { type: "input_text", text: "What is it?" },
      { type: "input_image", detail: "low" },
    ]);
    const first = await itemsOf(id, { limit: 3 });
    expect([first.items, first.has_more]).toEqual([items.slice(0, 3), true]);
    const second = await itemsOf(id, { limit: 3, after: items[2]?.id });
    expect([second.items, second.has_more]).toEqual([items.slice(3), false]);
    expect((await itemsOf(id, { order: "desc" })).items).toEqual(items.toReversed());
    expect(await refusalOf(itemsOf(id, { after: "msg_nobody" }))).toMatchObject({ status: 404 });
  });

  test("lists neither the agent's own calls and notes nor what they brought", async () => {
    const agent = await gateway.anAgent("openai", { max_tool_iterations: 5 });
    const own = { name: "datetime", arguments: {} };
    const tools = [{ type: "function", name: "weather", parameters: {}, strict: false }];
    // The fourth of five calls is told to wrap up.
    for (const _ of [1, 2, 3]) model.enqueue({ toolCalls: [own] });
    model.enqueue({ toolCalls: [own, { name: "weather", arguments: {} }] });
    const first = await ask("weather?", { model: `goclaw:${agent}`, tools });
    const [call] = first.output.filter(({ type }) => type === "function_call");
    const call_id = call?.type === "function_call" ? call.call_id : "";
    const result = { type: "function_call_output" as const, call_id, output: "rain" };
    const second = await ask([result], { model: `goclaw:${agent}`, tools });
    expect(lastTurns().length).toBeGreaterThan(6);
    expect((await itemsOf(second.id)).items.map(({ type, role }) => role ?? type)).toEqual([
      "user",
      "function_call",
      "function_call_output",
    ]);
  });

  test("lists only its own items where it goes on from another", async () => {
    const first = await ask("one");
    const second = await ask("two", { previous_response_id: first.id });
    expect((await itemsOf(second.id)).items).toMatchObject([{ role: "user", content: [{ text: "two" }] }]);
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "echo: one", "two"]);
    expect(second.previous_response_id).toBe(first.id);
  });

  test("can be gone on from twice, which makes two conversations", async () => {
    const first = await ask("one");
    await ask("left", { previous_response_id: first.id });
    await ask("right", { previous_response_id: first.id });
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "echo: one", "right"]);
  });

  test("is deleted for good, and those that go on from it stay whole", async () => {
    const first = await ask("the plan 4711");
    const second = await ask("two", { previous_response_id: first.id });
    await client.responses.delete(first.id);
    expect(await refusalOf(client.responses.retrieve(first.id))).toMatchObject({ status: 404, code: "NOT_FOUND" });
    expect(await refusalOf(client.responses.delete(first.id))).toMatchObject({ status: 404 });
    expect(await refusalOf(ask("x", { previous_response_id: first.id }))).toMatchObject({ status: 404 });
    await ask("three", { previous_response_id: second.id });
    expect(lastTurns().map(({ text }) => text)).toEqual([
      "the plan 4711",
      "echo: the plan 4711",
      "two",
      "echo: two",
      "three",
    ]);
    const { body } = await gateway.call("GET", "/v1/activity?action=response.deleted");
    expect(body.logs ?? body.activity ?? body.records ?? Object.values(body)[0]).toHaveLength(1);
  });

  test("that is alone leaves no text when it is deleted", async () => {
    const { id } = await ask("the plan 4712");
    await client.responses.delete(id);
    const { database } = gateway.gateway;
    const { read } = database.system("the test looks at everything");
    const texts = await Promise.all([
      read.selectFrom("messages").select("parts as text").execute(),
      read.selectFrom("run_events").select("events as text").execute(),
      read.selectFrom("runs").select("output as text").execute(),
    ]);
    expect(JSON.stringify(texts)).not.toContain("the plan 4712");
    const runs = await read
      .selectFrom("runs")
      .select("id")
      .where("id", "like", `${id.slice(5, 13)}-%`)
      .execute();
    expect(runs.length).toBeGreaterThan(0);
  });

  test("in a named conversation leaves its texts there when it is deleted", async () => {
    const { id, conversation } = await ask("one", { conversation: "papers" });
    expect(conversation).toEqual({ id: "papers" });
    await client.responses.delete(id);
    await ask("two", { conversation: { id: "papers" } });
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "echo: one", "two"]);
  });

  test("ends with its session", async () => {
    const { id } = await ask("one", { conversation: "gone" });
    await gateway.call("DELETE", "/v1/sessions/gone");
    expect(await refusalOf(client.responses.retrieve(id))).toMatchObject({ status: 404 });
  });

  test("goes on in the session of a header, which its answer names", async () => {
    const { response, data } = await client.responses.create({ model: "goclaw:openai", input: "one" }).withResponse();
    const key = response.headers.get("x-goclaw-session-key") ?? "";
    expect(key).toMatch(/^agent:openai:responses-ada-[0-9a-f]{8}$/);
    const headers = { "X-GoClaw-Session-Key": key };
    const history = [
      { role: "user" as const, content: "one" },
      ...data.output,
      { role: "user" as const, content: "two" },
    ];
    await client.responses.create({ model: "goclaw:openai", input: history as ResponseInputItem[] }, { headers });
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "echo: one", "two"]);
  });

  test("with store false leaves no text and is not found", async () => {
    const { id, ...answer } = await ask("the plan 4713", { store: false });
    expect(answer).toMatchObject({ store: false, output_text: "echo: the plan 4713" });
    expect(await refusalOf(client.responses.retrieve(id))).toMatchObject({ status: 404 });
    const { read } = gateway.gateway.database.system("the test looks at everything");
    const messages = await read.selectFrom("messages").select("parts").execute();
    expect(JSON.stringify(messages)).not.toContain("the plan 4713");
  });

  test("with store false may go on from a stored one, to which it adds nothing", async () => {
    const first = await ask("one");
    await ask("two", { previous_response_id: first.id, store: false });
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "echo: one", "two"]);
    await ask("three", { previous_response_id: first.id });
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "echo: one", "three"]);
  });

  test("is made once per idempotency key, streamed or not", async () => {
    for (const stream of [false, true]) {
      const before = model.requests.length;
      const headers = { "Idempotency-Key": `once-${stream}`, "X-GoClaw-Events": "openai" };
      const body = { model: "goclaw:openai", input: "hello", stream };
      const post = () => gateway.call("POST", "/v1/responses", body, { headers });
      const [first, second] = [await post(), await post()];
      expect(second.headers.get("idempotency-replayed")).toBe("true");
      const idIn = ({ text }: { text: string }) => /resp_[0-9a-f]{32}/.exec(text)?.[0];
      expect(idIn(second)).toBe(idIn(first) ?? "none");
      expect(model.requests.length).toBe(before + 1);
    }
  });

  test("is not found by another user, by whatever route", async () => {
    const { id, output } = await ask("mine");
    await gateway.call("POST", "/v1/agents/openai/sharing", { user_id: "eve", role: "user" });
    const eve = gateway.client({ bearer: await keyOf(["write"], "eve"), user: "eve" });
    const requests = [
      () => eve.responses.retrieve(id),
      () => eve.responses.retrieve(id, { stream: true }),
      () => eve.responses.cancel(id),
      () => eve.responses.delete(id),
      () => eve.responses.inputItems.list(id),
      () => eve.responses.create({ model: "goclaw:openai", input: "x", previous_response_id: id }),
      () =>
        eve.responses.create({
          model: "goclaw:openai",
          input: [
            { type: "item_reference", id: output[0]?.id ?? "" },
            { role: "user", content: "x" },
          ],
        }),
    ];
    for (const request of requests)
      expect(await refusalOf(request())).toMatchObject({ status: 404, code: "NOT_FOUND" });
    expect((await client.responses.retrieve(id)).id).toBe(id);
  });

  test("that a program makes for its user is that program's to read and to go on from", async () => {
    await gateway.call("POST", "/v1/agents/openai/sharing", { user_id: "backend", role: "user" });
    const backend = gateway.client({ bearer: await keyOf(["write"], "backend"), user: "backend" });
    const forUser = (user: string, extra: object = {}) =>
      backend.responses.create({ model: "goclaw:openai", input: `for ${user}`, user, ...extra, stream: false });
    const made = await forUser("bob");
    expect((await backend.responses.retrieve(made.id)).user).toBe("bob");
    const next = await forUser("bob", { previous_response_id: made.id });
    expect(next.previous_response_id).toBe(made.id);
    expect(await refusalOf(forUser("carol", { previous_response_id: made.id }))).toMatchObject({ status: 404 });
  });

  test("of another agent is not gone on from, nor are its items", async () => {
    const { id, output } = await ask("one");
    const other = await gateway.anAgent("openai");
    const reference = { type: "item_reference" as const, id: output[0]?.id ?? "" };
    expect(await refusalOf(ask([reference], { model: `goclaw:${other}` }))).toMatchObject({ status: 404 });
    const next = { model: `goclaw:${other}`, input: "two", previous_response_id: id };
    expect(await refusalOf(client.responses.create(next))).toMatchObject({
      status: 400,
      param: "previous_response_id",
    });
  });

  test.each(["msg_01a2047eeffb71b796c8df5e7e852d34", "fc_0123456789abcdef01234567", "rs_x", "nobody", "../x"])(
    "has no item %p",
    async (id) => {
      expect(await refusalOf(ask([{ type: "item_reference", id }]))).toMatchObject({ status: 404, code: "NOT_FOUND" });
    },
  );

  test.each(["nobody", "resp_0", "resp_01a2047eeffb71b796c8df5e7e852d34", "resp_../../x"])(
    "with the id %p is not found",
    async (id) => {
      expect(await refusalOf(client.responses.retrieve(id))).toMatchObject({ status: 404, code: "NOT_FOUND" });
    },
  );
});
