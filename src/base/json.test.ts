import { expect, test } from "bun:test";
import fc from "fast-check";
import { canonicalJson, JsonDepthError, parseJson } from "#base/json.ts";

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test("nesting is allowed up to its limit and not beyond", () => {
  expect(parseJson(nested(100), { maxDepth: 100 })).toBeArray();
  expect(() => parseJson(nested(101), { maxDepth: 100 })).toThrow(JsonDepthError);
  expect(() => parseJson(nested(1_000_000), { maxDepth: 100 })).toThrow(JsonDepthError);
});

test("lists and objects side by side do not nest", () => {
  expect(parseJson(`[${Array(50).fill("[{}]").join(",")}]`, { maxDepth: 3 })).toHaveLength(50);
});

test("brackets inside strings do not count as nesting, even after escapes", () => {
  expect(parseJson(JSON.stringify({ text: nested(500) }), { maxDepth: 5 })).toBeObject();
  expect(parseJson(String.raw`["\\", "\"[[[[", "a\\\"[["]`, { maxDepth: 1 })).toEqual(["\\", '"[[[[', 'a\\"[[']);
});

test("parses every JSON text to the same value as JSON.parse", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      expect(parseJson(text, { maxDepth: 100 })).toEqual(JSON.parse(text));
    }),
  );
});

test("equal values have equal canonical text, regardless of key order", () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }));
  expect(canonicalJson({ a: 1 })).not.toBe(canonicalJson({ a: "1" }));
});

test("only lone surrogates are replaced", () => {
  const read = (text: string) => parseJson(text, { maxDepth: 5 });
  expect(read(String.raw`["\ud83d", "a\uDE00b", "\ud83d\ud83d\ude00"]`)).toEqual(["\ufffd", "a\ufffdb", "\ufffd😀"]);
  expect(read(String.raw`{"\ud83d": "\\ud83d", "x": "\\\ud83d\n\u0041"}`)).toEqual({
    "\ufffd": "\\ud83d",
    x: "\\\ufffd\nA",
  });
});

test("only lone surrogates are replaced in any mix of escapes and characters", () => {
  const fragments = ["\\", "\\\\", "\\ud83d", "\\uDE00", "ud83d", "\\n", "a", "\\u4e2d", "\\uDfFf", "😀"];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...fragments)), (parts) => {
      const text = `"${parts.join("")}"`;
      const isJson = (() => {
        try {
          return typeof JSON.parse(text) === "string";
        } catch {
          return false;
        }
      })();
      fc.pre(isJson);
      expect(parseJson(text, { maxDepth: 5 })).toBe(JSON.parse(text).toWellFormed());
    }),
  );
});
