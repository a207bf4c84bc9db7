import { expect, test } from "bun:test";
import type { ModelMessage } from "#models/language-model.ts";
import { aRequest, collect, useModelServer } from "#testing/model-fixture.ts";

const models = useModelServer();

const TOOLS = [{ name: "look", parameters: { type: "object", properties: {} } }] as const;

const BYTES = new Uint8Array(60_000).map((_, index) => 32 + (index % 90));

/** A conversation with a text in each place where a request may have one. `texts` are called by their index. */
function conversation(text: (index: number) => string): readonly ModelMessage[] {
  const part = (index: number) => ({ type: "text", text: text(index) }) as const;
  const calls = ["1", "2"].map((id) => ({ type: "tool_call", id, name: "look", arguments: "{}" }) as const);
  const file = (mediaType: string) => ({ type: "file", mediaType, bytes: BYTES }) as const;
  return [
    { role: "system", text: text(0) },
    { role: "user", parts: [part(1), file("image/png"), file("application/pdf"), file("text/plain"), part(2)] },
    { role: "assistant", parts: [part(3), ...calls] },
    {
      role: "tool",
      results: [
        { callId: "1", name: "look", text: text(4), isError: false },
        { callId: "2", name: "look", text: text(5), isError: true },
      ],
    },
    { role: "system", text: text(6) },
    { role: "user", parts: [part(7)] },
    { role: "assistant", parts: [{ type: "text", text: `${text(8)}  ` }] },
  ];
}

test.each(["anthropic_native", "gemini_native"] as const)(
  "long texts reach %s in the same places as short ones, and unchanged",
  async (type) => {
    const send = async (messages: readonly ModelMessage[]) => {
      await collect(models.aModel(type), aRequest({ messages, tools: TOOLS, toolChoice: "none" }));
      return models.lastBody();
    };
    const long = Array.from({ length: 9 }, (_, index) => `${index} "Phở" 🍜\\\n\u0001`.repeat(4_000));
    const short = JSON.stringify(await send(conversation((index) => `<${index}>`)));
    const expected = JSON.parse(short, (_, value) =>
      typeof value === "string" ? value.replaceAll(/<(\d)>/g, (_match, index) => long[index] ?? "") : value,
    );
    expect(await send(conversation((index) => long[index] ?? ""))).toEqual(expected);
    expect(short).toContain("<7>");
    expect(short).toContain(Buffer.from(BYTES).toString("base64"));
  },
);
