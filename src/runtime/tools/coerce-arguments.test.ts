import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#base/json.ts";
import { coerceArguments } from "#runtime/tools/coerce-arguments.ts";

const SCHEMA: JsonObject = {
  type: "object",
  properties: {
    path: { type: "string" },
    count: { type: "integer" },
    share: { type: "number" },
    append: { type: "boolean" },
    mode: { type: "string", enum: ["markdown", "text"] },
    country: { type: "string", pattern: "^[A-Z]{2}$" },
    label: { type: "string", minLength: 1 },
    odd: { type: "string", pattern: "(" },
    tags: { type: "array", items: { type: "string" } },
    sizes: { type: "array", items: { type: "integer" } },
    anything: { type: "array" },
    options: { type: "object", properties: { depth: { type: "integer" }, name: { type: "string" } } },
    either: { anyOf: [{ type: "integer" }, { type: "boolean" }] },
    nullable: { anyOf: [{ type: "integer" }, { type: "null" }] },
    listed: { type: ["integer", "null"] },
    free: {},
  },
  required: ["path"],
};
const coerce = (value: unknown, schema = SCHEMA) => coerceArguments(schema, value);
const coerceOne = (given: object) => coerce({ path: "a", ...given });

describe("arguments", () => {
  test.each([
    [{ count: "2" }, { count: 2 }],
    [{ count: " -2 " }, { count: -2 }],
    [{ count: "2.0" }, { count: 2 }],
    [{ share: "2.5e1" }, { share: 25 }],
    [{ append: "false" }, { append: false }],
    [{ append: "True" }, { append: true }],
    [{ path: 5 }, { path: "5" }],
    [{ path: true }, { path: "true" }],
    [{ options: '{"depth":"3"}' }, { options: { depth: 3 } }],
    [{ options: { depth: "3", name: 7, more: "1" } }, { options: { depth: 3, name: "7", more: "1" } }],
    [{ tags: '["a","b"]' }, { tags: ["a", "b"] }],
    [{ tags: "a" }, { tags: ["a"] }],
    [{ tags: 7 }, { tags: ["7"] }],
    [{ sizes: "7" }, { sizes: [7] }],
    [{ sizes: ["7", 8] }, { sizes: [7, 8] }],
    [{ anything: 7 }, { anything: [7] }],
    [{ either: "7" }, { either: 7 }],
    [{ either: "true" }, { either: true }],
    [{ nullable: "7" }, { nullable: 7 }],
    [{ listed: "7" }, { listed: 7 }],
  ])("%j become %j", (given, expected) => {
    expect(coerceOne(given)).toEqual({ path: "a", ...expected });
  });

  test.each([
    ...[{ count: null }, { count: "" }, { count: "null" }, { append: null }, { mode: "" }, { mode: null }],
    ...[{ country: "" }, { label: "" }, { tags: "" }, { tags: null }, { options: null }, { options: "" }],
    ...[{ either: "" }, { label: null }],
  ])("%j are absent", (given) => {
    expect(coerceOne(given)).toEqual({ path: "a" });
  });

  test.each([
    ...[{ count: "abc" }, { count: "2.5" }, { count: 2.5 }, { count: "0x10" }, { count: "007" }, { count: "1,000" }],
    ...[{ count: "9007199254740993" }, { share: "1e400" }, { share: "Infinity" }, { append: "yes" }, { append: 1 }],
    ...[
      { path: 12345678901234567000 },
      { path: {} },
      { path: null },
      { mode: "html" },
      { tags: '["a' },
      { sizes: "x" },
    ],
    ...[{ options: "{depth" }, { options: "[1]" }, { either: "x" }],
  ])("%j stay as they are, because a conversion would lose something", (given) => {
    expect(coerceOne(given)).toEqual({ path: "a", ...given });
  });

  test.each([
    { path: "5", count: 0, share: 2.5, append: false, mode: "text", tags: [], sizes: [1], options: {}, free: "2" },
    { path: "", odd: "", nullable: null, listed: null, free: null },
    { path: '{"a":1}', tags: ["[1]"], options: { name: "null" }, unknown: "7" },
    { path: "null" },
    JSON.parse('{"path":"a","__proto__":"5","constructor":"6"}'),
  ])("%j fit and are not changed", (given) => {
    expect(coerce(given)).toBe(given);
  });

  test("are converted as far as possible if one of them does not fit", () => {
    expect(coerceOne({ count: "abc", append: "true" })).toEqual({ path: "a", count: "abc", append: true });
    expect(coerce(JSON.parse('{"path":1,"__proto__":"5"}'))).toEqual(JSON.parse('{"path":"1","__proto__":"5"}'));
  });

  test.each([
    { arguments: { path: 1 } },
    { parameters: { path: "1" } },
    { name: "read_file", arguments: { path: "1" } },
    { arguments: '{"path":"1"}' },
    '{"path":1}',
  ])("%j are taken out of what is around them", (given) => {
    expect(coerce(given)).toEqual({ path: "1" });
  });

  test("stay where the schema knows the property around them, or takes any property", () => {
    const around = { arguments: { path: "1" } };
    const knows = { type: "object", properties: { arguments: { type: "object" } } };
    expect(coerce(around, knows)).toBe(around);
    const open = { type: "object", properties: { path: { type: "string" } }, additionalProperties: true };
    expect(coerce(around, open)).toBe(around);
    const other = { ...around, limit: 1 };
    expect(coerce(other)).toEqual(other);
    expect(coerce({ arguments: "no object" })).toEqual({ arguments: "no object" });
  });
});
