import { expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { isSlug } from "#base/slug.ts";

test.each(["a", "7", "a-b", "a--b", "a".repeat(100)])("%s is a name for URLs", (text) => {
  expect(isSlug(text)).toBe(true);
});

test.each(["", "-a", "a-", "A", "a b", "a_b", "é", "a\n", "a".repeat(101), newId()])("%j is none", (text) => {
  expect(isSlug(text)).toBe(false);
});
