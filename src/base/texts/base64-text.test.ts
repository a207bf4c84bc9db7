import { expect, test } from "bun:test";
import { Base64Text } from "#base/texts/base64-text.ts";
import { JsonText } from "#base/texts/json-pieces.ts";

const counting = (length: number) => new Uint8Array(length).map((_, index) => index % 251);

test.each([0, 1, 2, 3, 24_575, 24_576, 24_577, 100_000])(
  "%i bytes are the same text in pieces and as a whole",
  (size) => {
    const bytes = counting(size);
    const text = new Base64Text(bytes, 'data:"odd";base64,');
    const whole = `data:"odd";base64,${Buffer.from(bytes).toString("base64")}`;
    expect([...text.pieces()].join("")).toBe(whole);
    expect(text.length).toBe(whole.length);
    expect(JSON.parse(JSON.stringify({ text }))).toEqual({ text: whole });
  },
);

test("bytes become text in the JSON of a value, however deep they are", async () => {
  const [short, long] = [new Base64Text(counting(10), "a"), new Base64Text(counting(100_000), "b")];
  const value = { short, list: [long, { deep: { deeper: [short, long] } }] };
  const text = await JsonText.of(value);
  expect([...text].join("")).toBe(JSON.stringify(value));
  expect(text.byteLength).toBe(JSON.stringify(value).length);
});
