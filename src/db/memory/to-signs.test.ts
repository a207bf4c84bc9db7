import { expect, test } from "bun:test";
import { toSigns } from "#db/memory/to-signs.ts";

test("each number above 0 is one bit, the first number the lowest", () => {
  const vector = [1, -1, 0, 0.001, -0, Number.NaN, -0.5, 7, 0, 3];
  expect([...toSigns(new Float32Array(vector))]).toEqual([0b1000_1001, 0b10, 0, 0]);
});

test.each([
  [0, 0],
  [1, 4],
  [31, 4],
  [32, 4],
  [33, 8],
  [64, 8],
  [65, 12],
])("%i numbers have %i bytes, which are whole words", (count, bytes) => {
  const signs = toSigns(new Float32Array(count).fill(1));
  expect(signs).toHaveLength(bytes);
  const ones = [...signs].reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
  expect(ones).toBe(count);
});
