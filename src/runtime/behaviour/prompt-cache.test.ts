import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;

/** Returns the parts of a body in the order in which the provider's cache compares them. */
const toCached = ({ tools, system, messages }: { tools: unknown; system: unknown; messages: readonly unknown[] }) =>
  [tools, system, ...messages].map((part) =>
    JSON.stringify(part, (key, value) => (key === "cache_control" ? undefined : value)),
  );

/**
 * Returns the places of a body's cache points: `tools`, `system`, or the index of a message. Each must be at the last
 * block.
 */
function pointsOf(body: Record<"tools" | "system" | "messages", readonly { content?: readonly object[] }[]>) {
  const isMarked = (block: object | undefined) => block !== undefined && "cache_control" in block;
  const places = [
    ...(isMarked(body.tools.at(-1)) ? ["tools"] : []),
    ...(isMarked(body.system.at(-1)) ? ["system"] : []),
    ...body.messages.flatMap(({ content }, index) => (isMarked(content?.at(-1)) ? [index] : [])),
  ];
  expect(JSON.stringify(body).match(/"cache_control"/g)).toHaveLength(places.length);
  return places;
}

describe.each([...testDialects()])("the part of a call that Anthropic can cache on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["anthropic"] });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  const write = { toolCalls: [{ name: "write_file", arguments: { path: "a", content: "b" } }], text: "I write. " };

  test(
    "is everything that the previous call sent, because each call begins with the same bytes as the one before it",
    async () => {
      const session_key = `agent:anthropic:cached-${dialect}`;
      model.enqueue({ text: "one" }, write, { text: "two" }, { reasoning: ["hm"], text: "three" }, { text: "four" });
      for (const message of ["first", "second", "third", "fourth"]) {
        expect((await call("POST", "/v1/agents/anthropic/wake", { message, session_key })).status).toBe(200);
      }
      const bodies = model.requests.map(({ body }) => body);
      expect(bodies.map(({ messages }) => messages.length)).toEqual([1, 3, 5, 7, 9]);
      const cached = bodies.map(toCached);
      for (const [index, parts] of cached.entries()) {
        const before = cached[index - 1] ?? [];
        expect(parts.slice(0, before.length)).toEqual(before);
      }
      // The cache points are at the end of this call's messages and at the end of the previous call's.
      expect(bodies.map(pointsOf)).toEqual([
        ["tools", "system", 0],
        ["tools", "system", 0, 2],
        ["tools", "system", 2, 4],
        ["tools", "system", 4, 6],
        ["tools", "system", 6, 8],
      ]);
    },
    TIMEOUT,
  );

  test(
    "includes the history that a chat client sends again",
    async () => {
      const before = model.requests.length;
      const chat = async (...contents: readonly string[]) => {
        const messages = contents.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content }));
        const body = { model: "goclaw:anthropic", messages };
        expect((await call("POST", "/v1/chat/completions", body)).status).toBe(200);
      };
      await chat("hello");
      await chat("hello", "echo: hello", "and now?");
      const [first = [], second = []] = model.requests.slice(before).map(({ body }) => toCached(body));
      expect(second.slice(0, first.length)).toEqual(first);
      expect(pointsOf(model.requests.at(-1)?.body)).toEqual(["tools", "system", 0, 2]);
    },
    TIMEOUT,
  );
});
