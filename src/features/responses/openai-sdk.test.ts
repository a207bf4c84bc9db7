import { afterAll, describe, expect, test } from "bun:test";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("the official client's responses on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, lastBody, lastTurns, lastSystem } = gateway;
  const client = gateway.client();
  afterAll(() => gateway.stop());

  describe.each([...WIRES])("with a model of the $wire format", ({ wire }) => {
    const ask = { model: `goclaw:${wire}`, input: "hello" };

    test("a response without streaming is complete and has its usage", async () => {
      model.enqueue({ text: ["Good ", "morning"], usage: { input: 11, output: 7, cacheRead: 3 } });
      const response = await client.responses.create(ask);
      expect(response.id).toMatch(/^resp_[0-9a-f]{32}$/);
      expect(response).toMatchObject({
        object: "response",
        status: "completed",
        model: `goclaw:${wire}`,
        output_text: "Good morning",
        error: null,
        incomplete_details: null,
        output: [{ type: "message", role: "assistant", status: "completed", content: [{ type: "output_text" }] }],
        usage: {
          input_tokens: 11,
          input_tokens_details: { cached_tokens: 3 },
          output_tokens: 7,
          total_tokens: 18,
        },
      });
      expect(response.usage).not.toHaveProperty("prompt_tokens");
    });

    test("the streaming helper reads each event in OpenAI's order", async () => {
      model.enqueue({ text: ["Good ", "morning"], usage: { input: 5, output: 2 } });
      const stream = client.responses.stream(ask);
      const types: string[] = [];
      const numbers: number[] = [];
      stream.on("event", (event) => {
        if (event.type !== "response.output_text.delta") types.push(event.type);
        numbers.push(event.sequence_number);
      });
      const final = await stream.finalResponse();
      expect(final).toMatchObject({ status: "completed", output_text: "Good morning", usage: { total_tokens: 7 } });
      expect(types).toEqual([
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
      ]);
      expect(numbers).toEqual(numbers.map((_, index) => index));
    });

    test("the next response reads the conversation so far, with its developer texts and without its instructions", async () => {
      const first = await client.responses.create({
        ...ask,
        instructions: "Speak like a sailor.",
        input: [
          { role: "developer", content: "Call me captain." },
          { role: "user", content: [{ type: "input_text", text: "Where are we?" }] },
        ],
      });
      expect(lastSystem()).toContain("Speak like a sailor.");
      expect(JSON.stringify(lastBody())).toContain("Call me captain.");
      await client.responses.create({ ...ask, input: "And the rum?", previous_response_id: first.id });
      expect(lastTurns()).toEqual([
        { role: "user", text: "Where are we?" },
        { role: "assistant", text: first.output_text },
        { role: "user", text: "And the rum?" },
      ]);
      expect(JSON.stringify(lastBody())).toContain("Call me captain.");
      expect(lastSystem()).not.toContain("Speak like a sailor.");
    });

    test("a length limit makes the response incomplete", async () => {
      model.enqueue({ text: "cut of", finish: "length" });
      const response = await client.responses.create({ ...ask, max_output_tokens: 3 });
      expect(response).toMatchObject({
        status: "incomplete",
        incomplete_details: { reason: "max_output_tokens" },
        output_text: "cut of",
      });
      model.enqueue({ text: "cut of", finish: "length" });
      const final = await client.responses.stream({ ...ask, max_output_tokens: 3 }).finalResponse();
      expect(final).toMatchObject({ status: "incomplete", output_text: "cut of" });
    });
  });

  test("settings reach the model, and the run keeps the metadata", async () => {
    const settings = { temperature: 0.25, top_p: 0.5, parallel_tool_calls: false };
    const tools = [{ type: "function" as const, name: "weather", parameters: { type: "object" }, strict: true }];
    const { response } = await client.responses
      .create({
        ...{ model: "goclaw:openai", input: "hello", ...settings, tools },
        ...{ max_output_tokens: 77, reasoning: { effort: "high" }, metadata: { ticket: "4711" } },
        text: { format: { type: "json_object" } },
      })
      .withResponse();
    expect(lastBody()).toMatchObject({ ...settings, max_tokens: 77, reasoning_effort: "high" });
    expect(lastBody().response_format).toEqual({ type: "json_object" });
    expect(lastBody().tools.at(-1).function).toMatchObject({ name: "weather", strict: true });
    const { body: run } = await gateway.call("GET", `/v1/runs/${response.headers.get("x-goclaw-run-id")}`);
    expect(run).toMatchObject({ kind: "chat", status: "completed", metadata: { ticket: "4711" } });
  });

  test("a text that the caller's schema forms is parsed", async () => {
    const Capital = z.object({ city: z.string(), people: z.number() });
    model.enqueue({ text: '{"city":"Hanoi","people":8000000}' });
    const response = await client.responses.parse({
      model: "goclaw:openai",
      input: "capital?",
      text: { format: zodTextFormat(Capital, "capital") },
    });
    expect(response.output_parsed).toEqual({ city: "Hanoi", people: 8_000_000 });
    expect(lastBody().response_format).toMatchObject({
      type: "json_schema",
      json_schema: { name: "capital", strict: true, schema: { type: "object", required: ["city", "people"] } },
    });
  });
});
