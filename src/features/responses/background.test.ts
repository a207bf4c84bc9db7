import { afterAll, describe, expect, test } from "bun:test";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { refusalOf, startChatGateway } from "#testing/chat-fixture.ts";
import { textOfEvents } from "#testing/streams/read-response-stream.ts";
import { testDialects } from "#testing/test-database.ts";

const TEXT = "Chào bạn 👋🏽, đây là một câu trả lời dài hơn.";

describe.each([...testDialects()])("a background response on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model } = gateway;
  const client = gateway.client();
  afterAll(() => gateway.stop());

  const ask = { model: "goclaw:openai", input: "hello", background: true } as const;
  const poll = async (id: string) => {
    let response = await client.responses.retrieve(id);
    while (response.status === "queued" || response.status === "in_progress")
      response = await client.responses.retrieve(id);
    return response;
  };
  const follow = async (id: string, starting_after?: number): Promise<readonly ResponseStreamEvent[]> =>
    Array.fromAsync(
      await client.responses.retrieve(id, {
        stream: true,
        ...(starting_after !== undefined && { starting_after }),
      }),
    );

  test("is answered at once, and completes without a reader", async () => {
    const call = model.manual();
    const begun = await client.responses.create(ask);
    expect(["queued", "in_progress"]).toContain(begun.status ?? "");
    expect(begun).toMatchObject({ background: true, output: [], usage: null });
    await call.arrived;
    await call.send("Done.");
    await call.finish();
    expect(await poll(begun.id)).toMatchObject({
      id: begun.id,
      created_at: begun.created_at,
      status: "completed",
      output_text: "Done.",
    });
  });

  test("goes on when its stream breaks off, and is followed from any place without gap or repetition", async () => {
    model.enqueue({ text: [...TEXT] });
    const stream = await client.responses.create({ ...ask, stream: true });
    let id = "";
    for await (const event of stream) {
      if (event.type === "response.created") id = event.response.id;
      if (event.type === "response.output_text.delta") break;
    }
    expect((await poll(id)).output_text).toBe(TEXT);
    const all = await follow(id);
    expect(all.map(({ type }) => type).slice(0, 3)).toEqual([
      "response.created",
      "response.queued",
      "response.in_progress",
    ]);
    expect(textOfEvents(all)).toBe(TEXT);
    for (const [index, { sequence_number }] of all.entries()) {
      expect(await follow(id, sequence_number)).toEqual(all.slice(index + 1));
    }
  });

  test("is followed live by several readers, each from where it stopped", async () => {
    const call = model.manual();
    const { id } = await client.responses.create(ask);
    await call.arrived;
    const read: ResponseStreamEvent[] = [];
    for (const word of ["one ", "two ", "three"]) {
      await call.send(word);
      const last = read.at(-1)?.sequence_number;
      const more = await client.responses.retrieve(id, {
        stream: true,
        ...(last !== undefined && { starting_after: last }),
      });
      for await (const event of more) {
        read.push(event);
        if (textOfEvents(read).endsWith(word)) break;
      }
    }
    await call.finish();
    read.push(...(await follow(id, read.at(-1)?.sequence_number)));
    expect(textOfEvents(read)).toBe("one two three");
    expect(read.map(({ sequence_number }) => sequence_number)).toEqual(
      read.map(({ sequence_number }) => sequence_number).sort((a, b) => a - b),
    );
    expect(read.at(-1)?.type).toBe("response.completed");
  });

  test("is taken up by the official helper", async () => {
    model.enqueue({ text: ["Good ", "morning"] });
    const { id } = await client.responses.create(ask);
    const final = await client.responses.stream({ response_id: id }).finalResponse();
    expect(final).toMatchObject({ id, status: "completed", output_text: "Good morning" });
  });

  test("shows its reasoning in the same order to readers who come late", async () => {
    model.enqueue({ reasoning: ["he wants ", "a greeting"], text: "Hello." });
    const { id } = await client.responses.create({ ...ask, reasoning: { summary: "auto" } });
    const { output } = await poll(id);
    expect(output.map(({ type }) => type)).toEqual(["reasoning", "message"]);
    const all = await follow(id);
    expect(all.at(-1)).toMatchObject({ response: { output } });
    for (const [index, { sequence_number }] of all.entries()) {
      expect(await follow(id, sequence_number)).toEqual(all.slice(index + 1));
    }
  });

  test("is cancelled, keeps what was written, and stays so", async () => {
    const call = model.manual();
    const { id } = await client.responses.create(ask);
    await call.arrived;
    await call.send("half an");
    for await (const event of await client.responses.retrieve(id, { stream: true })) {
      if (event.type === "response.output_text.delta") break;
    }
    const cancelled = await client.responses.cancel(id);
    const output = [{ type: "message", status: "incomplete", content: [{ text: "half an" }] }];
    expect(cancelled).toMatchObject({ status: "cancelled", output, error: null });
    expect(await client.responses.cancel(id)).toMatchObject({ status: "cancelled", output });
    const last = (await follow(id)).at(-1);
    expect(last).toMatchObject({ type: "response.failed", response: { status: "cancelled" } });
  });

  test("tells why it failed", async () => {
    model.enqueue({ status: 429 });
    const { id } = await client.responses.create(ask);
    const failed = await poll(id);
    expect(failed).toMatchObject({
      status: "failed",
      error: { code: "rate_limit_exceeded", details: { code: "RESOURCE_EXHAUSTED" } },
    });
    expect((await follow(id)).at(-1)).toMatchObject({ type: "response.failed", response: { error: failed.error } });
  });

  test("needs to be stored, and only it is followed", async () => {
    expect(await refusalOf(client.responses.create({ ...ask, store: false }))).toMatchObject({
      status: 400,
      param: "store",
    });
    const { id } = await client.responses.create({ ...ask, background: false });
    expect(await refusalOf(client.responses.retrieve(id, { stream: true }))).toMatchObject({
      status: 400,
      param: "stream",
    });
  });

  test("is continued only after its end, and deleted only then", async () => {
    const call = model.manual();
    const { id } = await client.responses.create(ask);
    await call.arrived;
    const next = { model: "goclaw:openai", input: "and?", previous_response_id: id };
    expect(await refusalOf(client.responses.create(next))).toMatchObject({ status: 409, code: "FAILED_PRECONDITION" });
    expect(await refusalOf(client.responses.delete(id))).toMatchObject({ status: 409 });
    await call.finish();
    await poll(id);
    expect((await client.responses.create(next)).output_text).toBe("echo: and?");
  });
});
