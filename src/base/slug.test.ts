import { expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { isSlug, toSlug } from "#base/slug.ts";

test.each(["a", "7", "a-b", "a--b", "a".repeat(100)])("%s is a name for URLs", (text) => {
  expect(isSlug(text)).toBe(true);
});

test.each(["", "-a", "a-", "A", "a b", "a_b", "é", "a\n", "a".repeat(101), newId()])("%j is none", (text) => {
  expect(isSlug(text)).toBe(false);
});

test.each([
  ["Trợ lý Số 1", "tro-ly-so-1"],
  ["--a__b--", "a-b"],
  ["你好", ""],
  ["x".repeat(65), "x".repeat(64)],
  [`${"x".repeat(63)} y`, "x".repeat(63)],
])("the name %j becomes %j", (name, slug) => {
  expect(toSlug(name)).toBe(slug);
});
