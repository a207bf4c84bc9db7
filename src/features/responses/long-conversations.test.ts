import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import type { RecordedRequest } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const isSummary = ({ messages }: RecordedRequest) => messages[0]?.text.startsWith("You write the summary") ?? false;

describe.each([...testDialects()])("a long chain of responses on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model } = gateway;
  const client = gateway.client();
  afterAll(() => gateway.stop());

  test("is summarised once, and what follows reads the summary", async () => {
    const agent = await gateway.anAgent("openai", { context_window: 10_000, max_tokens: 500 });
    let overflows = 0;
    model.script((request) => {
      if (isSummary(request)) return { text: "They counted." };
      return overflows-- > 0
        ? { status: 400, text: "This model's maximum context length is 8192 tokens." }
        : { text: `echo: ${request.lastUserText}`, usage: null };
    });
    let last: string | null = null;
    const next = async (input: string) => {
      last = (await client.responses.create({ model: `goclaw:${agent}`, input, previous_response_id: last })).id;
    };
    for (const input of ["one", "two", "three"]) await next(input);
    overflows = 1;
    await next("four");
    const before = model.requests.length;
    await next("five");
    await next("six");
    expect(model.requests.slice(before).map(isSummary)).toEqual([false, false]);
    const read = model.requests.at(-1)?.messages.map(({ text }) => text) ?? [];
    expect(read[1]).toEndWith("They counted.");
    expect(read.slice(2)).not.toContain("one");
    expect(read.slice(-3)).toEqual(["five", "echo: five", "six"]);
  });
});
