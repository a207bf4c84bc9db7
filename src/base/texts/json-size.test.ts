import { expect, test } from "bun:test";
import fc from "fast-check";
import { jsonSizeOf } from "#base/texts/json-size.ts";

const sizeOf = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;

test("every UTF-16 code unit has the size that JSON gives it", () => {
  for (let unit = 0; unit <= 0xffff; unit++) {
    const text = `a${String.fromCharCode(unit)}b`;
    if (jsonSizeOf(text) !== sizeOf(text)) expect([unit, jsonSizeOf(text)]).toEqual([unit, sizeOf(text)]);
  }
});

test.each(["", "🍜", "\ud83d\ud83d\udf5c", "\udf5c\ud83d", "\ud83d", "\u{10ffff}\u{10000}"])(
  "%j has its size",
  (text) => {
    expect(jsonSizeOf(text)).toBe(sizeOf(text));
  },
);

test("any text has the size that JSON gives it", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => jsonSizeOf(text) === sizeOf(text)));
});
