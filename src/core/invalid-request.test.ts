import { expect, test } from "bun:test";
import { z } from "zod";
import { toErrorShape } from "#core/error-shape.ts";
import { invalidRequest } from "#core/invalid-request.ts";

const UserTurn = z.object({ role: z.literal("user"), content: z.union([z.string(), z.array(z.string())]) });
const Schema = z.strictObject({
  messages: z
    .array(z.discriminatedUnion("role", [UserTurn, z.object({ role: z.enum(["system", "tool", ""]) })]))
    .optional(),
});

test("long names of unknown fields are truncated", () => {
  const { error } = Schema.safeParse({ ["k".repeat(300_000)]: 1 });
  if (!error) throw new Error("the input was accepted");
  expect(JSON.stringify(toErrorShape(invalidRequest(error), "en", "r")).length).toBeLessThan(1_000);
});

test("an unknown name is shown up to 100 characters, and at most ten fields are listed", () => {
  const names = Array.from({ length: 60 }, (_, index) => `${index}-${"k".repeat(200)}`);
  const { error } = Schema.safeParse(Object.fromEntries(names.map((name) => [name, 1])));
  if (!error) throw new Error("the input was accepted");
  const { fields } = toErrorShape(invalidRequest(error), "en", "r").details as { fields: readonly { field: string }[] };
  expect(fields.map(({ field }) => field)).toEqual(names.slice(0, 10).map((name) => name.slice(0, 100)));
});

test("a field with several faults is named once in the sentence, and the first field is the parameter", () => {
  const { error } = z.object({ a: z.string().min(3).max(1), b: z.string() }).safeParse({ a: "xx", b: 1 });
  if (!error) throw new Error("the input was accepted");
  const shape = toErrorShape(invalidRequest(error), "en", "r");
  expect(shape.message).toBe("the request has invalid fields: a, b");
  expect(shape.details?.field).toBe("a");
});

const Values = z.object({
  count: z.int().min(2).max(5).optional(),
  name: z.string().min(2).max(5).optional(),
  list: z.array(z.string()).min(2).max(5).optional(),
  since: z.date().min(new Date(1_000)).optional(),
  mail: z.email().optional(),
  slug: z.string().regex(/^a/, "field.slug").optional(),
  even: z
    .number()
    .refine((value) => value % 2 === 0)
    .optional(),
  either: z.union([z.string().min(5), z.email()]).optional(),
  nested: z.object({ id: z.string() }).optional(),
});

test.each([
  [{ count: 1 }, "count is invalid: must be at least 2"],
  [{ count: 6 }, "count is invalid: must be at most 5"],
  [{ name: "a" }, "name is invalid: must have at least 2 characters or items"],
  [{ name: "abcdef" }, "name is invalid: must have at most 5 characters or items"],
  [{ list: ["a"] }, "list is invalid: must have at least 2 characters or items"],
  [{ since: new Date(0) }, "since is invalid: must be at least 1000"],
  [{ mail: "x" }, "mail is invalid: has the wrong format"],
  [
    { slug: "b" },
    "slug is invalid: must be lower-case letters, digits and hyphens, starting and ending with a letter or digit",
  ],
  [{ even: 3 }, "even is invalid: has a value that does not fit"],
  [{ either: "abc" }, "either is invalid: has a value that does not fit"],
  [{ nested: {} }, "nested.id is required"],
  [{ nested: { id: 5 } }, "nested.id is invalid: expected string"],
  [{ nested: { id: null } }, "nested.id is invalid: expected string"],
])("the value in %j is refused with its bound, its form or its type", (input, message) => {
  const { error } = Values.safeParse(input);
  if (!error) throw new Error("the input was accepted");
  expect(toErrorShape(invalidRequest(error), "en", "r").message).toBe(message);
});

test.each([
  [{ messages: [{ role: "boss" }] }, 'messages.0.role is invalid: must be one of user, system, tool, ""'],
  [{ messages: [{ role: "user", content: 5 }] }, "messages.0.content is invalid: expected string | array"],
  [{ messages: [{ role: "user" }] }, "messages.0.content is required"],
  [{ messages: [{ role: "user", content: [{}] }] }, "messages.0.content.0 is invalid: expected string"],
  [{ message: "hi" }, "message is invalid: is not known"],
])("%j is refused with the values that would be valid", (input, message) => {
  const { error } = Schema.safeParse(input);
  if (!error) throw new Error("the input was accepted");
  expect(toErrorShape(invalidRequest(error), "en", "r").message).toBe(message);
});

const messageOf = (schema: z.ZodType, input: unknown): string => {
  const { error } = schema.safeParse(input);
  if (!error) throw new Error("the input was accepted");
  return toErrorShape(invalidRequest(error), "en", "r").message;
};

test("a value that is none of a list is refused with the list, and the first field is the parameter", () => {
  const { error } = z.object({ kind: z.enum(["a", "b"]), size: z.int() }).safeParse({ kind: "c", size: "x" });
  if (!error) throw new Error("the input was accepted");
  const { details } = toErrorShape(invalidRequest(error), "en", "r");
  expect(details).toMatchObject({ field: "kind", fields: [{ message: "must be one of a, b" }, { field: "size" }] });
});

const Named = z.union([
  z.object({ type: z.literal("a"), count: z.number() }),
  z.object({ type: z.literal("b"), count: z.number().optional() }),
]);
const Prefixed = z.union([
  z.object({ id: z.string().refine((id) => id.startsWith("a")), count: z.number().optional() }),
  z.object({ id: z.string(), count: z.number() }),
]);
const Larger = z.union([z.object({ left: z.number(), right: z.number() }), z.object({ left: z.number() })]);
const Deep = z.union([
  z.object({ at: z.object({ kind: z.enum(["x"]) }) }),
  z.object({ at: z.object({ kind: z.string() }), size: z.number() }),
]);

test.each<[string, z.ZodType, unknown, string]>([
  ["of its name", Named, { type: "a", count: "x" }, "count is invalid: expected number"],
  ["whose check it passes", Prefixed, { id: "b", count: "x" }, "count is invalid: expected number"],
  ["whose fields it has", Larger, { left: "x" }, "left is invalid: expected number"],
  ["of its type", z.union([z.string(), z.object({ id: z.string() })]), {}, "id is required"],
  ["that lacks no field", Deep, { at: { kind: "y" } }, "at.kind is invalid: must be one of x"],
])("a value that may have several forms is refused as the one %s", (_, schema, input, message) => {
  expect(messageOf(schema, input)).toBe(message);
});

test("a value that has two forms where it may have one is refused", () => {
  const either = z.xor([z.object({ left: z.number() }), z.object({ right: z.number() })]);
  expect(messageOf(z.object({ either }), { either: { left: 1, right: 1 } })).toBe(
    "either is invalid: has a value that does not fit",
  );
});
