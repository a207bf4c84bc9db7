import { afterAll, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const user = (content: unknown) => ({ role: "user", content });
const chat = (more: object) => JSON.stringify({ model: "goclaw:openai", messages: [user("hi")], ...more });
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));

/** Bodies that cost many times their size where nothing limits what they hold. */
const GREEDY: readonly (readonly [string, string, RegExp])[] = [
  ["millions of numbers for parts", chat({ messages: [user(Array(5_000_000).fill(1))] }), /100000 values/],
  ["numbers for parts", chat({ messages: [user(Array(40_000).fill(1))] }), /messages/],
  ["empty parts", chat({ messages: Array(40).fill(user(Array(900).fill({}))) }), /messages/],
  ["wrong roles", chat({ messages: Array(2_000).fill({ role: "x", content: 5 }) }), /messages/],
  ["millions of keys", chat({ metadata: many(900_000) }), /100000 values/],
  ["keys in metadata", chat({ metadata: many(40_000) }), /metadata/],
  ["metadata above 16 KiB", chat({ metadata: { text: "x".repeat(LIMITS.metadataBytes) } }), /metadata/],
  ["more messages than allowed", chat({ messages: Array(LIMITS.chatMessages + 1).fill(user("x")) }), /messages/],
];

describe.each([...testDialects()])("a greedy body on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model } = gateway;
  afterAll(() => gateway.stop());
  const post = async (body: string) => {
    const headers = { Authorization: `Bearer ${gateway.token}`, "Content-Type": "application/json" };
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", headers, body });
    return { status: response.status, text: await response.text() };
  };

  test.each([...GREEDY])("of %s is refused with a short answer", async (_, body, words) => {
    const before = model.requests.length;
    const { status, text } = await post(body);
    expect([status, model.requests.length]).toEqual([400, before]);
    expect(text).toMatch(words);
    expect(text.length).toBeLessThan(4_000);
  });

  test("that the limits allow reaches the model with all that it holds", async () => {
    model.script(() => ({ text: "fine" }));
    const contents = Array.from({ length: 30 }, (_, index) => `${index} phở 🍜 "\n`.repeat(1_000));
    const turns = contents.map((content, index) => ({ role: index % 2 === 0 ? "assistant" : "user", content }));
    const { status } = await post(chat({ messages: turns }));
    expect(status).toBe(200);
    const sent = model.requests.at(-1)?.body.messages as { role: string; content: string }[];
    expect(sent.filter(({ role }) => role !== "system")).toEqual(turns);
  });

  test("does not hold up others: large bodies above the budget wait outside", async () => {
    model.script(() => ({ text: "fine" }));
    const large = chat({ ignored: "x".repeat(19_000_000) });
    const opened = Array.from({ length: 20 }, () => post(large));
    const answers = await Promise.all(opened);
    const refused = answers.filter(({ status }) => status === 503);
    for (const { text } of refused)
      expect(JSON.parse(text).error).toMatchObject({ code: "UNAVAILABLE", retryAfterMs: 1_000 });
    expect(answers.filter(({ status }) => status === 200).length + refused.length).toBe(20);
    expect((await post(large)).status).toBe(200);
  }, 60_000);
});
