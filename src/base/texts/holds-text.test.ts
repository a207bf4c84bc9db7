import { expect, test } from "bun:test";
import { Base64Text } from "#base/texts/base64-text.ts";
import { holdsMuchText, holdsText } from "#base/texts/holds-text.ts";

test("a value is long by its longest text", () => {
  expect(holdsText([{ text: "x".repeat(100) }, "x".repeat(10), null, 5], 100)).toBe(false);
  expect(holdsText([{ text: "" }, { result: { text: "x".repeat(101) } }], 100)).toBe(true);
});

test("a value holds much text if all its texts together are long", () => {
  expect(holdsMuchText([{ text: "x".repeat(131_072) }, "x".repeat(131_072), null, 5])).toBe(false);
  expect(holdsMuchText([{ text: "x".repeat(131_072) }, ["x".repeat(131_072), { last: "x" }]])).toBe(true);
  expect(holdsMuchText("x".repeat(262_145))).toBe(true);
  expect(holdsMuchText(["x".repeat(5), "x".repeat(5)], 10)).toBe(false);
  expect(holdsMuchText(["x".repeat(5), "x".repeat(6)], 10)).toBe(true);
  expect(holdsMuchText([{ bytes: new Uint8Array(262_144) }])).toBe(false);
  expect(holdsMuchText([{ bytes: new Uint8Array(262_144) }, "x"])).toBe(true);
  expect(holdsMuchText({ url: new Base64Text(new Uint8Array(196_608)) })).toBe(false);
  expect(holdsMuchText({ url: new Base64Text(new Uint8Array(196_608), "d") })).toBe(true);
});
