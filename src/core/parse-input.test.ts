import { expect, test } from "bun:test";
import { z } from "zod";
import { parseInput } from "#core/parse-input.ts";

const Input = z.object({
  id: z.string().min(1, "field.empty"),
  user: z.string().min(1).optional(),
  kind: z.enum(["a", "b"]).optional(),
  facts: z.record(z.string(), z.string()).optional(),
  label: z.string().optional(),
  note: z.string().nullish(),
  limit: z.int().default(20),
});

test.each([null, ""])("an optional field that refuses %p counts as absent", (empty) => {
  const input = { id: "x", user: empty, kind: empty, facts: empty, limit: empty };
  expect(parseInput(Input, input)).toEqual({ id: "x", limit: 20 });
});

test("an optional field that accepts the value keeps it", () => {
  expect(parseInput(Input, { id: "x", label: "", note: null })).toEqual({ id: "x", label: "", note: null, limit: 20 });
  expect(parseInput(Input, { id: "x", user: null, label: "", note: "" })).toMatchObject({ label: "", note: "" });
});

test.each([
  [{ id: "" }, "id"],
  [{ id: null, user: "" }, "id"],
  [{ id: "x", user: 1 }, "user"],
  [{ id: "x", user: "", kind: "c" }, "kind"],
  [{ id: "x", facts: { a: null } }, "facts.a"],
  [{ id: "x", limit: false }, "limit"],
])("%j is refused by its field", (input, field) => {
  expect(() => parseInput(Input, input)).toThrow(
    expect.objectContaining({ code: "INVALID_REQUEST", options: expect.objectContaining({ field }) }),
  );
});

test.each([[undefined], [null], [""], [1], [[]]])("an input of %j is refused", (input) => {
  expect(() => parseInput(Input, input)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
});
