import { expect, test } from "bun:test";
import type { JsonObject } from "#base/json.ts";
import { inlineAnyJson } from "#contract/inline-any-json.ts";
import { toPortable } from "#contract/to-portable.ts";

const text = { type: "string" };
const nothing = { type: "null" };

test.each<[string, JsonObject, JsonObject]>([
  ["a pattern that all understand", { ...text, pattern: "^[a-z]+(?:x)$" }, { ...text, pattern: "^[a-z]+(?:x)$" }],
  ["a pattern of Unicode", { ...text, pattern: "^\\p{L}$" }, text],
  ["a field that is called pattern", { properties: { pattern: text } }, { properties: { pattern: text } }],
  ["a pattern that is no text", { pattern: 5 }, { pattern: 5 }],
  ["a constant with a name", { const: "a" }, { const: "a" }],
  ["a constant number", { const: 0 }, { const: 0 }],
  ["a constant without a name", { ...text, const: "*" }, text],
  ["a constant truth", { type: "boolean", const: true }, { type: "boolean" }],
  ["names that are any text", { type: "object", propertyNames: text }, { type: "object" }],
  [
    "names of a form",
    { type: "object", propertyNames: { enum: ["a"] } },
    { type: "object", propertyNames: { enum: ["a"] } },
  ],
  ["a field that is called propertyNames", { propertyNames: text }, { propertyNames: text }],
  ["a type that may be null", { anyOf: [text, nothing], title: "t" }, { type: ["string", "null"], title: "t" }],
  ["the same the other way around", { anyOf: [nothing, text] }, { anyOf: [nothing, text] }],
  [
    "three alternatives",
    { anyOf: [text, { type: "integer" }, nothing] },
    { anyOf: [text, { type: "integer" }, nothing] },
  ],
  ["two types", { anyOf: [text, { type: "integer" }] }, { anyOf: [text, { type: "integer" }] }],
  [
    "a choice that may be null",
    { anyOf: [{ ...text, enum: ["a"] }, nothing] },
    { anyOf: [{ ...text, enum: ["a"] }, nothing] },
  ],
  [
    "a constant that may be null",
    { anyOf: [{ ...text, const: "a" }, nothing] },
    { anyOf: [{ ...text, const: "a" }, nothing] },
  ],
  ["null or null", { anyOf: [nothing, nothing] }, { anyOf: [nothing, nothing] }],
  ["alternatives that are none", { anyOf: 5 }, { anyOf: 5 }],
  ["null alone", { type: "null", const: null, title: "t" }, { type: ["string", "null"], title: "t" }],
  ["null alone in a list", { items: nothing }, { items: { type: ["string", "null"] } }],
  ["null among alternatives", { oneOf: [text, nothing] }, { oneOf: [text, nothing] }],
  ["what lies deeper", { items: [{ anyOf: [{ ...text, const: "*" }, true] }] }, { items: [{ anyOf: [text, true] }] }],
])("%s is written for generators of clients", (_, schema, expected) => {
  expect(toPortable(schema)).toEqual(expected);
});

const anyJson = (self: string) => ({
  anyOf: [
    ...[text, { type: "number" }, { type: "boolean" }, nothing, { type: "array", items: { $ref: self } }],
    { type: "object", propertyNames: text, additionalProperties: { $ref: self } },
  ],
});

test("a definition that says any JSON is left out, and references to it say nothing", () => {
  const schema = {
    properties: { any: { $ref: "#/$defs/Any", title: "t" }, thing: { $ref: "#/$defs/Thing" }, name: text },
    $defs: { Any: anyJson("#/$defs/Any"), Thing: { properties: { any: { $ref: "#/$defs/Any" } } } },
  };
  expect(inlineAnyJson(schema)).toEqual({
    properties: { any: { title: "t" }, thing: { $ref: "#/$defs/Thing" }, name: text },
    $defs: { Thing: { properties: { any: {} } } },
  });
});

test("a schema that is any JSON itself is empty, and any other one stays", () => {
  expect(inlineAnyJson(anyJson("#"))).toEqual({});
  for (const schema of [
    text,
    { $defs: { Thing: text, Odd: anyJson("#/$defs/Thing") } },
    { anyOf: anyJson("#").anyOf.slice(1) },
  ]) {
    expect(inlineAnyJson(schema)).toBe(schema);
  }
});
