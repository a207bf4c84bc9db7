import { expect, test } from "bun:test";
import { z } from "zod";
import { parseInput, renameFields } from "#core/parse-input.ts";

const Input = z.object({
  id: z.string().min(1, "field.empty"),
  user: z.string().min(1).optional(),
  kind: z.enum(["a", "b"]).optional(),
  facts: z.record(z.string(), z.string()).optional(),
  label: z.string().optional(),
  note: z.string().nullish(),
  limit: z.int().default(20),
  items: z.array(z.union([z.string(), z.object({ name: z.string(), size: z.enum(["s", "l"]).optional() })])).optional(),
  options: z.object({ mode: z.enum(["fast"]).default("fast"), name: z.string().min(1) }).nullish(),
});

test.each([null, ""])("an optional field that refuses %p counts as absent", (empty) => {
  const input = { id: "x", user: empty, kind: empty, facts: empty, limit: empty };
  expect(parseInput(Input, input)).toEqual({ id: "x", limit: 20 });
});

test.each([null, ""])("an optional field within another field that refuses %p counts as absent", (empty) => {
  const items = ["a", { name: "b", size: empty }, { name: "c", size: "l" }, { name: "d", size: empty }];
  const options = { mode: empty, name: "n" };
  expect(parseInput(Input, { id: "x", items, options })).toEqual({
    id: "x",
    limit: 20,
    items: ["a", { name: "b" }, { name: "c", size: "l" }, { name: "d" }],
    options: { mode: "fast", name: "n" },
  });
});

test("the input of the caller stays as it is", () => {
  const input = { id: "x", userId: "u", items: [{ name: "b", size: null }] };
  const before = structuredClone(input);
  parseInput(Input, input);
  expect(input).toEqual(before);
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
  [{ id: "x", items: null, options: { name: "" } }, "options.name"],
  [{ id: "x", items: [{ name: null, size: null }] }, "items.0.name"],
  [{ id: "x", items: [null] }, "items.0"],
])("%j is refused by its field", (input, field) => {
  expect(() => parseInput(Input, input)).toThrow(
    expect.objectContaining({ code: "INVALID_REQUEST", options: expect.objectContaining({ field }) }),
  );
});

test.each([[undefined], [null], [""], [1], [[]]])("an input of %j is refused", (input) => {
  expect(() => parseInput(Input, input)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
});

const Named = z.object({
  agent_id: z.string().min(1).optional(),
  session_key: z.string().min(1).nullish(),
  user_id: z.string().min(1),
  budget_monthly_cents: z.int().nullish(),
  tenant_id: z.string().optional(),
  tenantId: z.string().optional(),
});

test.each([
  [{ userId: "u" }, { user_id: "u" }],
  [
    { userId: "u", agentId: "a", sessionKey: "s", monthly_cents: 5 },
    { user_id: "u", agent_id: "a", session_key: "s", budget_monthly_cents: 5 },
  ],
  [
    { user_id: "u", userId: "other", agent_id: "a", agentId: "other" },
    { user_id: "u", agent_id: "a" },
  ],
  [
    { user_id: "", userId: "u", agent_id: null, agentId: "a" },
    { user_id: "u", agent_id: "a" },
  ],
  [{ user_id: "u", agentId: null }, { user_id: "u" }],
  [
    { user_id: "u", session_key: null, sessionKey: "s", budget_monthly_cents: null, monthly_cents: 5 },
    { user_id: "u", session_key: null, budget_monthly_cents: null },
  ],
  [
    { user_id: "u", tenantId: "t" },
    { user_id: "u", tenantId: "t" },
  ],
  [{ user_id: "u", monthlyCents: 5, budgetMonthlyCents: 5 }, { user_id: "u" }],
])("%j has the fields %j under their own names", (input, expected) => {
  expect<object>(parseInput(Named, input)).toEqual(expected);
});

test("an error names the field by its own name", () => {
  expect(() => parseInput(Named, { userId: 5 })).toThrow(
    expect.objectContaining({ options: expect.objectContaining({ field: "user_id" }) }),
  );
});

test("names that every object inherits are no aliases and no paths", () => {
  const Odd = z.object({ constructor_id: z.string().optional(), facts: z.record(z.string(), z.string()).optional() });
  expect(parseInput(Odd, JSON.parse('{"__proto__":{"constructorId":"a"}}'))).toEqual({});
  expect(() => parseInput(Odd, { facts: { constructor: null } })).toThrow();
});

const OTHER_NAMES = { text: "message", who: "user" };

test.each<[unknown, unknown]>([
  [
    { text: "hi", who: "ada" },
    { message: "hi", user: "ada", text: "hi", who: "ada" },
  ],
  [
    { text: "hi", message: "own" },
    { text: "hi", message: "own" },
  ],
  [
    { text: "hi", message: "" },
    { text: "hi", message: "hi" },
  ],
  [
    { text: "hi", message: null },
    { text: "hi", message: "hi" },
  ],
  [{ message: "own" }, { message: "own" }],
  ["text", "text"],
  [null, null],
])("%j becomes %j where fields have other names", (input, expected) => {
  expect(renameFields(input, OTHER_NAMES)).toEqual(expected);
});

test("an input without other names stays the same object", () => {
  const input = { text: "hi" };
  expect(renameFields(input, undefined)).toBe(input);
  expect(renameFields(input, { who: "user" })).toBe(input);
});
