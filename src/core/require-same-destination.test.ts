import { expect, test } from "bun:test";
import { requireSameDestination } from "#core/require-same-destination.ts";

const HERE = { base_url: "https://a.example", type: "openai" };
const check = (kept: readonly string[], after: object) =>
  requireSameDestination({ kept, before: HERE, after: { ...HERE, ...after } });

test("a credential that stays may go where it went before", () => {
  expect(check(["api_key"], {})).toBeUndefined();
});

test("without a credential that stays, everything may change", () => {
  expect(check([], { base_url: "https://b.example" })).toBeUndefined();
});

test("a credential that stays goes to no other place, and is the field to send again", () => {
  expect(() => check(["api_key", "headers"], { type: "anthropic" })).toThrow(
    expect.objectContaining({
      code: "INVALID_REQUEST",
      key: "error.key_needed_again",
      params: { changed: "type", credential: "api_key" },
      options: { field: "api_key", reason: "key_needed_again" },
    }),
  );
});
