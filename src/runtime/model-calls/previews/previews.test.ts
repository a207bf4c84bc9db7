import { describe, expect, test } from "bun:test";
import { createScrubber } from "#base/scrub-credentials.ts";
import { Secret } from "#base/secret.ts";
import type { ModelMessage } from "#models/language-model.ts";
import { createPreviewer } from "#runtime/model-calls/previews/create-previewer.ts";
import { describeMessages } from "#runtime/model-calls/previews/describe-messages.ts";

const OWN = "the-gateways-own-token-5f2c";
const scrubber = createScrubber({ usesPatterns: true, secrets: [new Secret(OWN)] });
const preview = createPreviewer({ chars: 100, scrubber });
const filler = (length: number) => "some words ".repeat(Math.ceil(length / 11)).slice(0, length);
const KEY = `-----BEGIN PRIVATE KEY-----\n${`${"aB3+".repeat(16)}\n`.repeat(24)}-----END PRIVATE KEY-----`;

describe("a preview", () => {
  test("is a short text as it is, and of a long one both ends", () => {
    expect(preview("chào 🦊")).toBe("chào 🦊");
    const long = preview(`begin ${filler(50_000)} end`);
    expect(long).toMatch(/^begin some words .* \[…\] .* end$/);
    expect(long.length).toBeLessThanOrEqual(100);
  });

  test("has no bytes of files, wherever they begin", () => {
    const whole = createPreviewer({ chars: 1_000, scrubber });
    for (let before = 0; before < 130; before++) {
      expect(whole(`${"a ".repeat(before)}${"iVBORw0K".repeat(32)} end`)).toBe(`${"a ".repeat(before)}[data] end`);
    }
    expect(whole("word".repeat(40))).toBe("word".repeat(40));
  });

  test("never ends within a character", () => {
    for (let length = 90; length < 110; length++) {
      const shown = preview(`${"a".repeat(length)}${"🦊".repeat(200)}`);
      expect(shown.isWellFormed()).toBe(true);
    }
  });

  test.each([
    ["a token at its beginning", `${OWN} ${filler(9_000)}`],
    ["a token at its end", `${filler(9_000)} ${OWN}`],
    ["a token where it is cut", `${filler(40)} ${OWN} ${filler(9_000)}`],
    ["a token where its end begins", `${filler(9_000)} ${OWN} ${filler(40)}`],
    ["a token of a provider", `sk-${"a1B2c3".repeat(8)} ${filler(9_000)}`],
  ])("shows nothing of %s", (_, text) => {
    const shown = preview(text);
    expect(shown.includes(OWN.slice(0, 12)) || shown.includes(OWN.slice(-12)) || shown.includes("a1B2c3a1B2c3")).toBe(
      false,
    );
  });

  test.each([
    ["at the end", `${filler(9_000)}\n${KEY}`],
    ["in the middle", `${filler(20)}\n${KEY}\n${filler(20)}`],
    ["as JSON", JSON.stringify(`${filler(9_000)}\n${KEY}`)],
    ["without its beginning", `${filler(9_000)}\n${KEY.slice(200)}`],
  ])("shows nothing of a private key %s", (_, text) => {
    expect(preview(text)).not.toContain("aB3+aB3+");
  });

  test("shows no bytes of a file", () => {
    expect(preview(`look data:image/png;base64,${"iVBORw0K".repeat(5_000)}`)).toBe("look [data] […] [data]");
  });

  test("may be off", () => {
    expect(createPreviewer({ chars: 0, scrubber })("anything").trim()).toBe("[…]");
  });
});

describe("messages in a trace", () => {
  const user = (text: string): ModelMessage => ({ role: "user", parts: [{ type: "text", text }] });

  test("are JSON, with files by their type and calls by their names", () => {
    const messages: ModelMessage[] = [
      { role: "system", text: "be brief" },
      {
        role: "user",
        parts: [
          { type: "text", text: "see" },
          { type: "file", mediaType: "image/png", bytes: new Uint8Array(9) },
        ],
      },
      { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "datetime", arguments: '{"zone":"UTC"}' }] },
    ];
    expect(JSON.parse(describeMessages(messages, 1_000))).toEqual([
      { role: "system", content: "be brief" },
      { role: "user", content: "see\n[image/png]" },
      { role: "assistant", content: 'datetime({"zone":"UTC"})' },
    ]);
  });

  test("of a long conversation are the first and the last", () => {
    const messages = Array.from({ length: 5_000 }, (_, index) => user(`${index} ${filler(100)}`));
    const shown = JSON.parse(describeMessages(messages, 500));
    expect(shown.length).toBeLessThan(12);
    expect([shown[0].content, shown.at(-1).content]).toEqual([`0 ${filler(100)}`, `4999 ${filler(100)}`]);
    const single = JSON.parse(describeMessages([user(`begin ${filler(9_000)} end`)], 500))[0].content;
    expect([single.startsWith("begin"), single.endsWith("end"), single.length]).toEqual([true, true, 1_000]);
  });
});
