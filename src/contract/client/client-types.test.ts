import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { toTypeText } from "#contract/client/to-type-text.ts";
import { CLIENT_TYPES, makeClientTypes } from "#testing/reference/make-client-types.ts";

test("the types of the client are those of the operations; `npm run reference` writes them anew", () => {
  expect(readFileSync(CLIENT_TYPES, "utf8") === makeClientTypes()).toBe(true);
});

test.each<[object, string]>([
  [{}, "unknown"],
  [{ type: "integer" }, "number"],
  [{ type: ["string", "null"] }, "string | null"],
  [{ enum: ["a", 1] }, '"a" | 1'],
  [{ type: "string", format: "binary" }, "Blob"],
  [{ const: true }, "true"],
  [{ $ref: "#/components/schemas/Agent" }, "Agent"],
  [{ type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] } }, "readonly (string | number)[]"],
  [{ type: "other" }, "unknown"],
  [{ allOf: [{ $ref: "#/components/schemas/A.b" }, { type: ["string", "null"] }] }, "A_b & (string | null)"],
  [{ type: "object", additionalProperties: false }, "{ readonly [name: string]: unknown }"],
  [{ type: "object", properties: { a: true }, additionalProperties: false }, "{ readonly a?: unknown }"],
  [
    { type: "object", properties: { a: {} }, additionalProperties: {} },
    "{ readonly a?: unknown; readonly [name: string]: unknown }",
  ],
  [{ type: "object" }, "{ readonly [name: string]: unknown }"],
  [{ type: "object", additionalProperties: { type: "boolean" } }, "{ readonly [name: string]: boolean }"],
  [
    { type: "object", properties: { a: { type: "string", description: "A */ b" }, "x-y": {} }, required: ["a"] },
    '{ /** A * / b */ readonly a: string; readonly "x-y"?: unknown }',
  ],
])("the schema %j is the type %s", (schema, type) => {
  expect(toTypeText(schema as never)).toBe(type);
});
