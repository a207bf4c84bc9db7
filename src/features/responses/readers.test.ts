import { afterAll, describe, expect, test } from "bun:test";
import { refusalOf, startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { readResponseStream } from "#testing/streams/read-response-stream.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("the reader of a response on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model } = gateway;
  afterAll(() => gateway.stop());
  const client = gateway.client();

  test.each([true, false])("who goes away ends the call and the run, with stream %p", async (stream) => {
    const call = model.manual();
    const leaving = new AbortController();
    const conversation = `leaving-${stream}`;
    const body = { model: "goclaw:openai", input: "tell", conversation, stream };
    const read = (async () => {
      const response = await client.responses.create(body, { signal: leaving.signal });
      if (Symbol.asyncIterator in response) await Array.fromAsync(response);
    })().catch((thrown: unknown) => thrown);
    await call.arrived;
    await call.send("once upon");
    leaving.abort();
    await Promise.all([read, call.aborted]);
    const { body: list } = await gateway.call("GET", `/v1/runs?session_key=${conversation}`);
    await gateway.waitForEnd(list.runs[0].id);
    const id = `resp_${list.runs[0].id.replaceAll("-", "")}`;
    expect((await client.responses.retrieve(id)).status).toBe("cancelled");
  });

  describe.each([...WIRES])("of a model of the $wire format", ({ wire }) => {
    test.each([true, false])("sees its reasoning on demand alone, with stream %p", async (stream) => {
      model.script(() => ({ reasoning: ["he wants ", "a number"], text: "Four." }));
      const read = async (extra: object, headers: Readonly<Record<string, string>> = {}) => {
        const body = { model: `goclaw:${wire}`, input: "2+2", ...extra };
        const { output } = stream
          ? await client.responses.stream(body, { headers }).finalResponse()
          : await client.responses.create({ ...body, stream: false }, { headers });
        return output.map((item) => (item.type === "reasoning" ? item.summary[0]?.text : item.type));
      };
      expect(await read({})).toEqual(["message"]);
      expect(await read({ reasoning: { summary: "auto" } })).toEqual(["he wants a number", "message"]);
      expect(await read({ reasoning: { generate_summary: "concise" } })).toEqual(["he wants a number", "message"]);
      expect(await read({}, { "X-GoClaw-Events": "reasoning" })).toEqual(["he wants a number", "message"]);
    });
  });

  test("of an agent that shows its reasoning gets it in order: begun, in pieces, ended, before the text", async () => {
    const agent = await gateway.anAgent("openai", { other_config: { show_reasoning: true } });
    model.enqueue({ reasoning: ["he wants ", "a number"], text: "Four." });
    const body = { model: `goclaw:${agent}`, input: "2+2", stream: true };
    const { text } = await gateway.call("POST", "/v1/responses", body, { headers: { "X-GoClaw-Events": "openai" } });
    const types = (await Array.fromAsync(readResponseStream(new Response(text)))).map(({ type }) => type);
    expect(types.filter((type, index) => type !== types[index - 1])).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.reasoning_summary_part.added",
      "response.reasoning_summary_text.delta",
      "response.reasoning_summary_text.done",
      "response.reasoning_summary_part.done",
      "response.output_item.done",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
  });

  test("keeps its reasoning sealed in a stream too, whether or not it sees it", async () => {
    for (const summary of ["auto", "none"]) {
      model.enqueue({ reasoning: ["he wants ", "a number"], text: "Four." });
      const body = {
        ...{ model: "goclaw:openai", input: "2+2", stream: true, store: false },
        ...{ include: ["reasoning.encrypted_content"], reasoning: { summary } },
      };
      const { text } = await gateway.call("POST", "/v1/responses", body, { headers: { "X-GoClaw-Events": "openai" } });
      const events = await Array.fromAsync(readResponseStream(new Response(text)));
      const { output } = (events.at(-1)?.response ?? {}) as { output?: Record<string, unknown>[] };
      expect(output?.map(({ type }) => type)).toEqual(["reasoning", "message"]);
      expect(output?.[0]?.encrypted_content).toBeString();
      expect(output?.[0]?.summary).toEqual(
        summary === "auto" ? [{ type: "summary_text", text: "he wants a number" }] : [],
      );
      expect(text.includes("he wants")).toBe(summary === "auto");
    }
  });

  test("whose key is revoked gets no further: its stream ends with an error, and the response goes on", async () => {
    const { body: key } = await gateway.call("POST", "/v1/api-keys", { name: "brief", scopes: ["write"] });
    await gateway.call("POST", "/v1/agents/openai/sharing", { user_id: "brief", role: "user" });
    const call = model.manual();
    const brief = gateway.client({ bearer: key.key, user: "brief" });
    const stream = await brief.responses.create({
      model: "goclaw:openai",
      input: "tell",
      background: true,
      stream: true,
    });
    await call.arrived;
    await call.send("once");
    let id = "";
    const failure = await refusalOf(
      (async () => {
        for await (const event of stream) {
          if (event.type === "response.created") id = event.response.id;
          if (event.type === "response.output_text.delta") await gateway.call("DELETE", `/v1/api-keys/${key.id}`);
        }
      })(),
    );
    expect(failure).toMatchObject({ code: "UNAUTHORIZED" });
    expect((await client.responses.retrieve(id)).status).toBe("in_progress");
    await call.finish();
  });
});
