import { expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { Identity, isPlainText, isUserId, toIdentity, UserId } from "#core/access/identity.ts";

const [composed, decomposed] = ["nguyễn".normalize("NFC"), "nguyễn".normalize("NFD")];

test("two spellings of a name are one id", () => {
  expect(toIdentity(decomposed)).toBe(composed);
  expect(Identity.parse(decomposed)).toBe(composed);
  expect(UserId.parse(decomposed)).toBe(composed);
});

test("a plain text has one byte at least, and no more bytes than its limit", () => {
  expect(["", "a", "abc", "abcd"].map((text) => isPlainText(text, 3))).toEqual([false, true, true, false]);
  expect(["é", "éa", "éé"].map((text) => isPlainText(text, 3))).toEqual([true, true, false]);
});

test("a plain text has nothing that is not seen", () => {
  expect(isPlainText("a\tb", 9)).toBe(false);
  expect(isPlainText("a\u200bb", 9)).toBe(false);
});

test("the id of a user has at most as many bytes as the limit says", () => {
  const longest = "x".repeat(LIMITS.userIdBytes);
  expect([isUserId(longest), isUserId(`${longest}x`)]).toEqual([true, false]);
  expect([UserId.safeParse(longest).success, UserId.safeParse(`${longest}x`).success]).toEqual([true, false]);
  expect(UserId.meta()).toMatchObject({ minLength: 1, maxLength: LIMITS.userIdBytes });
});
