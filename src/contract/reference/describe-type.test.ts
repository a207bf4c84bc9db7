import { expect, test } from "bun:test";
import type { JsonObject } from "#base/json.ts";
import { alternativesOf, describeType, schemaNameOf } from "#contract/reference/describe-type.ts";

const COMPONENTS = "#/components/schemas/";

test.each<[JsonObject, string]>([
  [{ $ref: `${COMPONENTS}AgentList` }, "[AgentList](#agentlist)"],
  [{}, "any JSON"],
  [{ "x-max-bytes": 9 }, "any JSON, at most 9 bytes"],
  [{ type: "boolean" }, "boolean"],
  [{ type: ["string", "null"] }, "text or null"],
  [{ type: "string" }, "text"],
  [{ type: "string", format: "uuid" }, "id (UUID)"],
  [{ type: "string", format: "unknown" }, "text"],
  [{ type: "string", minLength: 0, maxLength: 9 }, "text, at most 9 characters"],
  [{ type: "string", minLength: 1 }, "text, not empty"],
  [{ type: "string", minLength: 2 }, "text, at least 2 characters"],
  [{ type: "string", minLength: 2, maxLength: 9 }, "text, 2 to 9 characters"],
  [{ type: "string", minLength: 9, maxLength: 9 }, "text, exactly 9 characters"],
  [{ type: "string", pattern: "a|b" }, "text, matching `a\\|b`"],
  [{ type: "string", pattern: "a`b" }, "text, matching ``a`b``"],
  [{ type: "integer", minimum: 0 }, "integer, at least 0"],
  [{ type: "integer", minimum: 1 }, "integer, at least 1"],
  [{ type: "number", maximum: 5 }, "number, at most 5"],
  [{ type: "number", minimum: 0, maximum: 5 }, "number, 0 to 5"],
  [{ type: ["string", "null"], maxLength: 9 }, "text, at most 9 characters; or null"],
])("%j is described", (schema, text) => {
  expect(describeType(schema)).toBe(text);
});

test.each<[JsonObject, string]>([
  [{ enum: ["a", "", 1] }, 'one of `a`, `""`, `1`'],
  [{ enum: ["a"] }, "`a`"],
  [{ const: "a" }, "`a`"],
  [{ const: false }, "`false`"],
  [{ type: "array" }, "list of any JSON"],
  [{ type: "array", items: { type: "string" }, minItems: 1, maxItems: 3 }, "list of text, 1 to 3 items"],
  [
    { type: "array", items: { type: "string", maxLength: 3 }, minItems: 1 },
    "list, not empty, each: text, at most 3 characters",
  ],
  [{ type: "array", items: { type: ["string", "null"] } }, "list, each: text or null"],
  [{ type: "object" }, "object"],
  [{ type: "object", "x-max-bytes": 5 }, "object, at most 5 bytes"],
  [{ type: "object", additionalProperties: { type: "string" } }, "object; values: text"],
  [{ type: "object", additionalProperties: {} }, "object"],
  [{ type: "object", properties: {}, additionalProperties: { type: "string" } }, "object"],
  [{ anyOf: [{ type: "string" }, { type: "string" }, { type: "integer" }] }, "text or integer"],
  [{ oneOf: [{ type: "boolean" }, { type: "null" }] }, "boolean or null"],
])("the choice, list or object %j is described", (schema, text) => {
  expect(describeType(schema)).toBe(text);
});

test("a schema has a name only if it refers to one", () => {
  expect(schemaNameOf({ $ref: `${COMPONENTS}Agent` })).toBe("Agent");
  expect([schemaNameOf({ $ref: "#/else/Agent" }), schemaNameOf({ $ref: 5 }), schemaNameOf({})]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("alternatives are the schemas of a list", () => {
  const one = { type: "string" };
  expect(alternativesOf({ anyOf: [one, "x"] })).toEqual([one]);
  expect(alternativesOf({ oneOf: [one] })).toEqual([one]);
  expect(alternativesOf({})).toEqual([]);
});
