import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { GrowingBytes } from "#transport/http/growing-bytes.ts";
import { parseCutJson } from "#transport/http/long-texts/cut-long-texts.ts";
import { placeLongTexts } from "#transport/http/long-texts/place-long-texts.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const LONG = "Phở 🍜 \n".repeat(1_000);

function roundTrip(bytes: Uint8Array<ArrayBuffer>): unknown {
  const grown = new GrowingBytes(bytes.length);
  grown.add(bytes.slice());
  const [value, other] = [bytes, grown.end()].map((body) => {
    const parsed = parseCutJson(body);
    return "problem" in parsed ? parsed.problem : placeLongTexts(parsed);
  });
  expect(other).toEqual(value);
  return value;
}

describe("long texts", () => {
  test.each<[string, unknown]>([
    ["at the root", LONG],
    ["in lists and objects, beside short ones", { a: [LONG, "b", { c: LONG, d: 1 }], e: LONG }],
    ["under names that objects inherit", JSON.parse(`{"__proto__":{"constructor":${JSON.stringify(LONG)}}}`)],
    ["as keys", { [LONG]: LONG, [`${LONG}2`]: 1 }],
    ["that look like JSON", JSON.stringify({ a: [JSON.stringify(LONG)], b: "\\" })],
    ["that begin with what marks the order of bytes", `\ufeff${LONG}`],
    ["of backslashes and quotes", `${'\\"'.repeat(5_000)}\\`],
    ["of control characters", "\u0000\u001f\b\f\t\r\u007f".repeat(1_000)],
  ])("%s come back as they were", (_, value) => {
    const json = JSON.stringify(value);
    const back = roundTrip(encode(json));
    expect(JSON.stringify(back)).toBe(json);
    expect(back).toEqual(value);
  });

  test("are apart from the value while it moves", () => {
    const parsed = parseCutJson(encode(JSON.stringify({ a: { b: [LONG] } })));
    if ("problem" in parsed) throw new Error(parsed.problem);
    expect(JSON.stringify(parsed.value).length).toBeLessThan(100);
    expect(parsed.paths).toEqual([["a", "b", "0"]]);
    expect(parsed.texts).toEqual([LONG]);
  });

  test("may be written in any way that JSON allows", () => {
    const character = fc.oneof(
      fc.constantFrom('\\"', "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "é", "漢", "🦊", "\u2028"),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`),
      fc.integer({ min: 0xd7f0, max: 0xe010 }).map((unit) => `\\u${unit.toString(16).toUpperCase()}`),
      fc.constantFrom("a", "x", " "),
    );
    const literal = fc.array(character, { maxLength: 60 }).map((parts) => parts.join(""));
    const property = fc.property(literal, (text) => {
      const json = `{"a":"${text.repeat(Math.ceil(5_000 / (text.length + 1)))}${" ".repeat(4_096)}"}`;
      const expected = JSON.parse(json, (_, part: unknown) => (typeof part === "string" ? part.toWellFormed() : part));
      expect(roundTrip(encode(json))).toEqual(expected);
    });
    fc.assert(property, { numRuns: 300, seed: 7 });
  });

  const filled = (text: string) => encode(`{"a":"${" ".repeat(5_000)}${text}"}`);
  test.each<[string, Uint8Array<ArrayBuffer>, string]>([
    ["a line break", filled("\n"), "syntax"],
    ["an unknown escape", filled("\\x"), "syntax"],
    ["an escape without its digits", filled("\\u12"), "syntax"],
    ["digits that are none", filled("\\u12g4"), "syntax"],
    ["a backslash before the last quote", encode(`{"a":"${" ".repeat(5_000)}\\"}`), "syntax"],
    ["no end", encode(`{"a":"${" ".repeat(5_000)}`), "syntax"],
    ["bytes that are no UTF-8", new Uint8Array([...filled("").subarray(0, -2), 0xff, 0x22, 0x7d]), "utf8"],
    ["a surrogate in UTF-8", new Uint8Array([...filled("").subarray(0, -2), 0xed, 0xa0, 0x80, 0x22, 0x7d]), "utf8"],
    ["something else after them", encode(`{"a":"${LONG.replaceAll("\n", " ")}"x}`), "syntax"],
  ])("with %s are refused", (_, bytes, problem) => {
    expect(roundTrip(bytes)).toBe(problem);
  });
});
