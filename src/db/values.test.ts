import { expect, test } from "bun:test";
import { chunk, fromBit, fromJson, toBit, toJson } from "#db/values.ts";

test("JSON and booleans come back as they were stored", () => {
  const value = { a: [1, "ü", null, true] };
  expect(fromJson<typeof value>(toJson(value))).toEqual(value);
  expect([toBit(true), toBit(false)]).toEqual([1, 0]);
  expect([fromBit(1), fromBit(0)]).toEqual([true, false]);
});

test.each<[number, number, readonly number[]]>([
  [0, 3, []],
  [1, 3, [1]],
  [3, 3, [3]],
  [4, 3, [3, 1]],
  [6, 3, [3, 3]],
  [7, 3, [3, 3, 1]],
])("%i rows in pieces of %i are pieces of %j, in order", (count, size, sizes) => {
  const rows = Array.from({ length: count }, (_, index) => index);
  const pieces = chunk(rows, size);
  expect(pieces.map(({ length }) => length)).toEqual([...sizes]);
  expect(pieces.flat()).toEqual(rows);
});

test("pieces have at most 200 rows by default, far below the parameter limits of both databases", () => {
  expect(chunk(Array.from({ length: 401 })).map(({ length }) => length)).toEqual([200, 200, 1]);
});

test.each([1, 3])("%i rows that fit in one piece are not copied", (count) => {
  const rows = Array.from({ length: count });
  expect(chunk(rows, 3)[0]).toBe(rows);
});
