import { expect, test } from "bun:test";
import { JoinedText, lengthOf } from "#base/texts/joined-text.ts";
import { JsonText, toJsonPieces } from "#base/texts/json-pieces.ts";

const LONG = 'Phở 🍜 "và"\n'.repeat(10_000);

test.each<[string, readonly string[]]>([
  ["none", []],
  ["short ones", ["a", "", "b"]],
  ["long ones", [LONG, "x", LONG]],
  ["halves of a character", ["\ud83d", "\ude00"]],
])("texts are written as one: %s", async (_, texts) => {
  const whole = texts.join("");
  const text = new JoinedText(texts);
  expect(text.length).toBe(whole.length);
  expect(lengthOf(texts)).toBe(whole.length);
  expect(JSON.stringify({ text })).toBe(JSON.stringify({ text: whole }));
  for (const pieces of [toJsonPieces({ text }), await JsonText.of([{ text }])]) {
    const value = JSON.parse([...pieces].join(""));
    expect((Array.isArray(value) ? value[0] : value).text).toBe(whole);
  }
});
