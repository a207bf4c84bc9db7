import { expect, test } from "bun:test";
import { Base64Text } from "#base/texts/base64-text.ts";
import { holdsLongText, holdsMuchText } from "#base/texts/holds-text.ts";

test("a value is long by its longest text", () => {
  expect(holdsLongText([{ text: "x".repeat(1_000_000) }, "x".repeat(10), null, 5])).toBe(false);
  expect(holdsLongText([{ text: "" }, { result: { text: "x".repeat(1_000_001) } }])).toBe(true);
});

test("a value holds much text if all its texts together are long", () => {
  expect(holdsMuchText([{ text: "x".repeat(131_072) }, "x".repeat(131_072), null, 5])).toBe(false);
  expect(holdsMuchText([{ text: "x".repeat(131_072) }, ["x".repeat(131_072), { last: "x" }]])).toBe(true);
  expect(holdsMuchText("x".repeat(262_145))).toBe(true);
  expect(holdsMuchText([{ bytes: new Uint8Array(262_144) }])).toBe(false);
  expect(holdsMuchText([{ bytes: new Uint8Array(262_144) }, "x"])).toBe(true);
  expect(holdsMuchText({ url: new Base64Text(new Uint8Array(196_608)) })).toBe(false);
  expect(holdsMuchText({ url: new Base64Text(new Uint8Array(196_608), "d") })).toBe(true);
});
