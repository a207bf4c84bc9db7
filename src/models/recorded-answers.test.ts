import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelUsage } from "#models/language-model.ts";
import type { ProviderType } from "#models/provider-types.ts";
import { aRequest, collect, ofType, textOf, useModelServer } from "#testing/model-fixture.ts";
import { cutEvery } from "#testing/model-server.ts";

const models = useModelServer();
const TOOL = { name: "lookup", parameters: { type: "object", properties: {} } } as const;

const read = (path: string) => readFileSync(join(import.meta.dir, "fixtures", path));

/** Replays a recorded answer in pieces of `size` bytes and returns the events. */
async function play(type: ProviderType, path: string, size = 100_000, status = 200) {
  const recorded = read(path);
  const isStream = path.endsWith(".sse");
  models.server.enqueue(isStream ? { raw: cutEvery(recorded, size) } : { status, body: recorded.toString() });
  const model = type === "openrouter" ? "maker/model" : "model";
  return collect(models.aModel(type), aRequest({ model, tools: [TOOL] }));
}

const usage = (counts: Partial<ModelUsage>) => ({
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  reasoning: 0,
  ...counts,
});

interface Expected {
  readonly text?: string;
  readonly reasoning?: string;
  readonly calls?: readonly string[];
  readonly finish?: string;
  readonly usage?: ModelUsage | undefined;
}

const ANSWERS: readonly (readonly [ProviderType, string, Expected])[] = [
  [
    "openai_compat",
    "openai/text.sse",
    { text: "Hello there", usage: usage({ input: 19, output: 10, cacheRead: 8, reasoning: 4 }) },
  ],
  [
    "openai_compat",
    "openai/parallel-tools.sse",
    { calls: ['get_weather {"city":"Hue"}', "get_time {}"], usage: usage({ input: 82, output: 34 }) },
  ],
  ["openai_compat", "openai/refusal.sse", { text: "I cannot help with that." }],
  [
    "deepseek",
    "deepseek/reasoning.sse",
    {
      text: "9.8",
      reasoning: "9.11 or 9.8?",
      usage: usage({ input: 18, output: 50, cacheRead: 16, reasoning: 40 }),
    },
  ],
  [
    "mistral",
    "mistral/thinking.sse",
    { text: "One sister.", reasoning: "John has one sister.", usage: usage({ input: 10, output: 20 }) },
  ],
  [
    "mistral",
    "mistral/tools.sse",
    { calls: ['lookup {"id": "T1001"}', 'lookup {"id": "T1002"}'], usage: usage({ input: 94, output: 30 }) },
  ],
  [
    "openrouter",
    "openrouter/reasoning.sse",
    {
      text: "4",
      reasoning: "Two plus",
      usage: usage({ input: 14, output: 9, cacheRead: 2, cacheWrite: 4, reasoning: 5 }),
    },
  ],
  [
    "groq",
    "groq/reasoning.sse",
    { text: "Yes", reasoning: "Simple.", usage: usage({ input: 75, output: 25, reasoning: 12 }) },
  ],
  [
    "minimax_native",
    "minimax/reasoning-split.sse",
    { text: "Hi!", reasoning: "The user greets.", usage: usage({ input: 40, output: 20, reasoning: 15 }) },
  ],
  [
    "dashscope",
    "dashscope/tools.json",
    { calls: ['lookup {"q": "Hue"}'], usage: usage({ input: 247, output: 20, cacheRead: 128, cacheWrite: 64 }) },
  ],
  [
    "xai",
    "xai/usage-beside.sse",
    {
      text: "101*3 = 303",
      reasoning: "Thinking",
      usage: usage({ input: 32, output: 203, cacheRead: 6, reasoning: 194 }),
    },
  ],
  [
    "kimi_coding",
    "kimi/usage-in-choice.sse",
    { text: "One.", reasoning: "Easy.", usage: usage({ input: 19, output: 13, cacheRead: 10 }) },
  ],
  ["perplexity", "perplexity/citations.sse", { text: "Hue [1]", usage: usage({ input: 5, output: 3 }) }],
  ["cohere", "cohere/text.sse", { text: "Recursive loops", usage: usage({ input: 8, output: 4 }) }],
  [
    "zai",
    "zai/reasoning.sse",
    { text: "Hi", reasoning: "A greeting.", usage: usage({ input: 8, output: 62, cacheRead: 4 }) },
  ],
  ["zai_coding", "zai/sensitive.sse", { text: "So", finish: "content_filter" }],
  [
    "ollama",
    "ollama/tools.sse",
    {
      reasoning: "Use the tool.",
      calls: ['lookup {"q":"a"}', 'lookup {"q":"b"}'],
      usage: usage({ input: 20, output: 9 }),
    },
  ],
  [
    "ollama_cloud",
    "ollama/reasoning.sse",
    { text: "This is a test.", reasoning: "A test.", usage: usage({ input: 68, output: 21 }) },
  ],
  [
    "bailian",
    "bailian/reasoning.sse",
    { text: "I am Qwen.", reasoning: "Who am I?", usage: usage({ input: 10, output: 360, reasoning: 306 }) },
  ],
  [
    "byteplus",
    "byteplus/reasoning.sse",
    {
      text: "Broccoli",
      reasoning: " user asks",
      usage: usage({ input: 91, output: 23, cacheRead: 64, reasoning: 17 }),
    },
  ],
  ["novita", "novita/reasoning.json", { text: "Hi", reasoning: "A greeting.", usage: usage({ input: 9, output: 12 }) }],
  [
    "vertex",
    "vertex/thought-signature.sse",
    { calls: ['lookup {"q":"Hue"}'], usage: usage({ input: 30, output: 65, reasoning: 55 }) },
  ],
  [
    "anthropic_native",
    "anthropic/thinking-tools.sse",
    {
      text: "Let me look.",
      reasoning: "The weather, then.",
      calls: ['lookup {"q": "Hue"}'],
      usage: usage({ input: 325, output: 89, cacheRead: 200, cacheWrite: 100 }),
    },
  ],
  [
    "gemini_native",
    "google/thinking-tools.sse",
    {
      reasoning: "**Planning**",
      calls: ['lookup {"q":"Hue"}', 'lookup {"q":"Hanoi"}'],
      usage: usage({ input: 50, output: 120, cacheRead: 30, reasoning: 100 }),
    },
  ],
  ["gemini_native", "google/blocked.sse", { finish: "content_filter", usage: usage({ input: 8 }) }],
];

describe.each(ANSWERS)("%s answers %s", (type, path, expected) => {
  test.each([100_000, 7])("in pieces of %d bytes", async (size) => {
    const events = await play(type, path, size);
    const calls = ofType(events, "tool_call").map(({ name, arguments: text }) => `${name} ${text}`);
    const reasoning = ofType(events, "reasoning").map(({ text }) => text);
    expect({ text: textOf(events), reasoning: reasoning.join(""), calls }).toEqual({
      text: expected.text ?? "",
      reasoning: expected.reasoning ?? "",
      calls: [...(expected.calls ?? [])],
    });
    const finish = expected.finish ?? (expected.calls ? "tool_calls" : "stop");
    expect(events.at(-1)).toEqual({ type: "finish", finish, usage: expected.usage } as never);
  });
});

test.each([
  ["openrouter", "openrouter/error-mid-stream.sse", 200, { kind: "server_error" }],
  ["minimax_native", "minimax/no-balance.json", 200, { kind: "billing" }],
  ["anthropic_native", "anthropic/overloaded.json", 529, { kind: "overloaded" }],
  ["gemini_native", "google/quota.json", 429, { kind: "rate_limit", retryAfterMs: 34_075 }],
  ["vertex", "google/quota.json", 429, { kind: "rate_limit", retryAfterMs: 34_075 }],
  ["openai_compat", "openai/context-length.json", 400, { kind: "context_overflow" }],
  ["openai_compat", "openai/no-quota.json", 429, { kind: "billing" }],
] as const)("%s fails with %s", async (type, path, status, error) => {
  expect((await play(type, path, undefined, status)).at(-1)).toMatchObject({ type: "error", error });
});

test("signatures of Anthropic and Google are sent back unchanged", async () => {
  for (const [type, path, signed] of [
    ["anthropic_native", "anthropic/thinking-tools.sse", ['"signature":"EqQB"', '"data":"EmwK"']],
    ["gemini_native", "google/thinking-tools.sse", ['"thoughtSignature":"CiQB"']],
  ] as const) {
    const parts = toParts(await play(type, path));
    const ids = parts.flatMap((part) => (part.type === "tool_call" ? [part.id] : []));
    const results = ids.map((callId) => ({ callId, name: "lookup", text: "found", isError: false }));
    const messages = [...aRequest().messages, { role: "assistant", parts }, { role: "tool", results }] as const;
    await collect(models.aModel(type), aRequest({ messages, tools: [TOOL] }));
    for (const text of signed) expect(JSON.stringify(models.lastBody())).toContain(text);
  }
});

/** Converts events to the parts of the assistant's turn, as a transcript stores them. */
function toParts(events: Awaited<ReturnType<typeof collect>>) {
  const parts: Extract<ReturnType<typeof aRequest>["messages"][number], { role: "assistant" }>["parts"][number][] = [];
  let reasoning = "";
  for (const event of events) {
    if (event.type === "reasoning") reasoning += event.text;
    if (event.type === "text") parts.push(event);
    if (event.type === "tool_call") parts.push(event);
    if (event.type !== "reasoning_end") continue;
    parts.push({ type: "reasoning", text: reasoning, metadata: event.metadata });
    reasoning = "";
  }
  return parts;
}
