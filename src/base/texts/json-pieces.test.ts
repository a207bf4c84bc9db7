import { describe, expect, test } from "bun:test";
import { JsonText, toJsonPieces } from "#base/texts/json-pieces.ts";
import { TextsApart } from "#base/texts/texts-apart.ts";

const LONG = 'Phở 🍜 "bún"\\\n\u0001\u2028'.repeat(60_000);

describe.each<[string, unknown]>([
  ["a short text", "a"],
  ["a long text", LONG],
  ["halves of characters", `\ud83d${"🍜".repeat(300_000)}\ude00`],
  ["an empty list", []],
  ["an empty object", {}],
  ["lists and objects in each other", { a: [1, [], {}, null, true, [{ b: [LONG] }]], c: {}, "d\n": "e" }],
  ["what JSON has no word for", { a: undefined, b: [undefined, { c: undefined }], d: { e: undefined } }],
  ["several long texts in one message", { messages: [{ parts: [{ text: LONG }, { text: "" }, { text: LONG }] }] }],
  ["many short messages", Array.from({ length: 20_000 }, (_, index) => ({ role: "user", content: `n ${index}` }))],
])("%s", (_, value) => {
  test("gives the text that JSON.stringify gives, in pieces of limited length", async () => {
    const pieces = [...toJsonPieces(value)];
    expect(JSON.parse(pieces.join(""))).toEqual(JSON.parse(JSON.stringify(value)));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(200_000);
    expect((await JsonText.of(value)).byteLength).toBe(Buffer.byteLength(pieces.join("")));
  });
});

test("short parts are joined, and long ones stay apart", () => {
  const pieces = [...toJsonPieces([1, 2, { text: "x".repeat(75_000) }, 3])];
  expect(pieces.map(({ length }) => length)).toEqual(['[1,2,{"text":"'.length, 32_768, 32_768, 9_464 + '"},3]'.length]);
});

test("texts apart come back in any place of a JSON text", async () => {
  const apart = new TextsApart();
  const json = JSON.stringify({ a: [apart.add(LONG), 1], b: apart.add("short") });
  const [first = "", second = ""] = [JSON.parse(json).b, JSON.parse(json).a[0]];
  const turned = JSON.stringify([first, `before ${second} after`, { [second]: first }]);
  const filled = await JsonText.filled(turned, apart);
  const text = [...filled].join("");
  expect(JSON.parse(text)).toEqual(["short", `before ${LONG} after`, { [LONG]: "short" }]);
  expect(filled.byteLength).toBe(Buffer.byteLength(text));
  expect([...filled].join("")).toBe(text);
});
