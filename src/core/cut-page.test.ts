import { expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { cutPage, jsonBytes } from "#core/cut-page.ts";

const { pageBytes } = LIMITS;
const cut = (...sizes: readonly number[]) => cutPage(sizes, (size) => size).length;

test("a page ends before the item that would make it too large, and has at least one", () => {
  expect(cut()).toBe(0);
  expect(cut(pageBytes + 1)).toBe(1);
  expect(cut(pageBytes + 1, 1)).toBe(1);
  expect(cut(pageBytes - 1, 1)).toBe(2);
  expect(cut(pageBytes - 1, 1, 1)).toBe(2);
  expect(cut(1, 2, 3)).toBe(3);
});

test("the size of a value is that of its JSON in UTF-8", () => {
  expect([jsonBytes("ệ"), jsonBytes({ a: [1] }), jsonBytes(undefined)]).toEqual([5, 9, 0]);
});
