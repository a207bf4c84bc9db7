import { expect, test } from "bun:test";
import { z } from "zod";
import type { AppError } from "#base/errors.ts";
import { parseInput } from "#core/parse-input.ts";

/** How many values an input may hold for all of its errors to be collected. */
const SMALL = 2_000;
/** How many empty values a large input may have. */
const MAX_EMPTY = 20;

const names = Array.from({ length: 30 }, (_, index) => `f${index}`);
const Input = z.object({
  list: z.array(z.number()),
  ...Object.fromEntries(names.map((name) => [name, z.number().optional()])),
});

/** An input of so many values, itself and its list included, whose first fields have a value. */
const anInput = (values: number, fields: number, value: unknown) => ({
  list: Array.from({ length: values - fields - 2 }, () => 1),
  ...Object.fromEntries(names.slice(0, fields).map((name) => [name, value])),
});

function issuesOf(input: unknown): number {
  try {
    parseInput(Input, input);
    return 0;
  } catch (thrown) {
    return (thrown as AppError).options.issues?.length ?? 0;
  }
}

test("all errors of an input are told up to a size, and the first one above it", () => {
  expect(issuesOf(anInput(SMALL, 3, "x"))).toBe(3);
  expect(issuesOf(anInput(SMALL + 1, 3, "x"))).toBe(1);
});

test("values that lie deeper count as well", () => {
  const list = Array.from({ length: 3 }, () => Array.from({ length: 700 }, () => 1));
  expect(issuesOf({ list, f0: "x" })).toBe(1);
});

test("a small input loses all its empty values, and a large one only so many", () => {
  expect(issuesOf(anInput(SMALL, 30, null))).toBe(0);
  expect(issuesOf(anInput(SMALL + 100, MAX_EMPTY, null))).toBe(0);
  expect(issuesOf(anInput(SMALL + 100, MAX_EMPTY + 1, null))).toBe(1);
});
