import { expect, test } from "bun:test";
import type { JsonObject } from "#base/json.ts";
import { type FieldsOf, fieldsOf, toFieldsTable, toMeaning } from "#contract/reference/to-fields-table.ts";

const text = { type: "string" };
const typesOf = (schema: JsonObject, of: FieldsOf) => fieldsOf(schema, of).map(({ name, type }) => `${name}: ${type}`);

test("a field may be null in an answer, and in a request only if it must be there", () => {
  const nullable = { type: ["string", "null"] };
  const schema = {
    required: ["must"],
    properties: {
      must: nullable,
      may: nullable,
      either: { anyOf: [text, { type: "null" }], description: "x" },
      many: { anyOf: [text, { type: "integer" }, { type: "null" }] },
      any: {},
      odd: 5,
    },
  };
  expect(typesOf(schema, "request")).toEqual([
    ...["must: text or null", "may: text", "either: text", "many: text or integer", "any: any JSON"],
  ]);
  expect(typesOf(schema, "answer")).toEqual([
    ...["must: text or null", "may: text or null", "either: text or null"],
    ...["many: text or integer or null", "any: any JSON"],
  ]);
  expect(fieldsOf(schema, "answer").map(({ required }) => required)).toEqual([true, false, false, false, false]);
});

test("objects within objects, lists and alternatives have their fields listed, to a depth of three", () => {
  const deep = { properties: { a: { properties: { b: { properties: { c: { properties: { d: text } } } } } } } };
  expect(fieldsOf(deep, "answer").map(({ name }) => name)).toEqual(["a", "a.b", "a.b.c"]);
  const inner = { properties: { b: text } };
  const schema = {
    properties: { list: { items: inner }, either: { anyOf: [inner, { properties: { b: text, c: text } }] } },
  };
  expect(fieldsOf(schema, "answer").map(({ name }) => name)).toEqual([
    ...["list", "list[].b", "either", "either.b", "either.c"],
  ]);
});

test.each<[JsonObject, string]>([
  [{}, ""],
  [{ description: "A | b" }, "A \\| b"],
  [{ default: 5 }, "default: `5`"],
  [{ default: false, description: "A" }, "A; default: `false`"],
  [{ default: "", description: "A" }, "A"],
  [{ default: null, description: "A" }, "A"],
])("the meaning of %j", (schema, meaning) => {
  expect(toMeaning(schema)).toBe(meaning);
});

test("a table says what a request needs and what an answer always has", () => {
  const fields = [
    { name: "a", type: "text", required: true, meaning: "m" },
    { name: "b", type: "text", required: false, meaning: "" },
  ];
  const head = "| name | type | | meaning |\n|--|--|--|--|\n";
  expect(toFieldsTable(fields, "request")).toBe(`${head}| \`a\` | text | required | m |\n| \`b\` | text |  |  |`);
  expect(toFieldsTable(fields, "answer")).toBe(`${head}| \`a\` | text | always | m |\n| \`b\` | text |  |  |`);
});
