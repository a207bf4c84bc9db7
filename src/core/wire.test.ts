import { expect, test } from "bun:test";
import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { endOf, longPageFields, ModelName, pageFields, startOf } from "#core/wire.ts";

const { listDefault, listMax, longListDefault } = LIMITS;

test.each([
  [undefined, listDefault],
  ["1", 1],
  [`${listMax}`, listMax],
  [listMax + 1, listMax],
  ["0", listDefault],
  ["-3", listDefault],
  ["many", listDefault],
  ["2.5", listDefault],
])("a limit of %p is %i", (limit, expected) => {
  expect(z.object(pageFields).parse({ limit }).limit).toBe(expected);
});

test.each([
  [undefined, longListDefault],
  ["1", 1],
  [`${listMax}`, listMax],
  [listMax + 1, longListDefault],
  ["0", longListDefault],
  ["x", longListDefault],
])("a limit of a long page of %p is %i", (limit, expected) => {
  expect(z.object(longPageFields).parse({ limit }).limit).toBe(expected);
});

test.each([
  [undefined, 0],
  ["7", 7],
  ["-1", 0],
  ["x", 0],
])("an offset of %p is %i", (offset, expected) => {
  expect(z.object(pageFields).parse({ offset }).offset).toBe(expected);
});

test.each([
  ["2026-11-27", "2026-11-27T00:00:00.000Z", "2026-11-27T23:59:59.999Z"],
  ["2026-11-27T10:00:00+07:00", "2026-11-27T03:00:00.000Z", "2026-11-27T03:00:00.000Z"],
])("%s begins and ends", (moment, first, last) => {
  expect([startOf(moment), endOf(moment)]).toEqual([first, last]);
});

test.each(["gpt-5", "meta/llama-4:free", "models/gemini-2.5", "a..b", "mô-hình 🍜"])(
  "%s is a name of a model",
  (name) => {
    expect(ModelName.safeParse(name).success).toBe(true);
  },
);

test.each(["../x", "a/../b", "a/..", "a\\..\\b", "a?b", "a#b", "a%2fb", "a\nb", "x".repeat(256)])(
  "%p is no name of a model",
  (name) => {
    expect(ModelName.safeParse(name).success).toBe(false);
  },
);
