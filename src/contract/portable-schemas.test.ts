import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { createOperations } from "#app/create-operations.ts";
import type { JsonObject } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { SchemaCollector } from "#contract/schema-collector.ts";
import { toOpenApi } from "#contract/to-openapi.ts";

/** The schema of the property `field`, as the document has it. */
const describeField = (field: z.ZodType) => {
  const schema = new SchemaCollector().toSchema(z.object({ field }), "input");
  return (schema.properties as { field: JsonObject }).field;
};

describe("a schema in the document", () => {
  test("of any JSON is empty", () => {
    expect(describeField(z.json())).toEqual({});
    expect(describeField(z.json().optional().describe("Anything"))).toEqual({ description: "Anything" });
    expect(describeField(z.record(z.string(), z.json()))).toEqual({ type: "object", additionalProperties: {} });
    expect(describeField(z.array(z.json()))).toEqual({ type: "array", items: {} });
    expect(new SchemaCollector().toSchema(z.json(), "output")).toEqual({});
  });

  test("that only null fits is a text that may be null", () => {
    expect(describeField(z.null())).toEqual({ type: ["string", "null"] });
    expect(describeField(z.literal(null).describe("Nothing"))).toEqual({
      type: ["string", "null"],
      description: "Nothing",
    });
  });

  test("that may be null has null among its types, unless it is a reference or a choice", () => {
    const Thing = z.object({ a: z.string() }).meta({ id: "Thing" });
    expect(describeField(z.int().max(5).nullish().describe("Size"))).toEqual({
      type: ["integer", "null"],
      maximum: 5,
      description: "Size",
    });
    expect(describeField(z.array(z.string().nullable()).nullable())).toEqual({
      type: ["array", "null"],
      items: { type: ["string", "null"] },
    });
    expect(describeField(Thing.nullable())).toEqual({
      anyOf: [{ $ref: "#/components/schemas/Thing?input" }, { type: "null" }],
    });
    expect(describeField(z.enum(["a"]).nullable())).toEqual({
      anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }],
    });
  });

  test.each([
    [/^\P{Cc}*$/u],
    [/^\p{L}+$/u],
    [/^(?=.*\d).+$/],
    [/^(?!-).*$/],
    [/(?<=a)b/],
    [/(?<!a)b/],
    [/^(?<word>a)$/],
    [/^(a)\1$/],
  ])("has no pattern %p, which few languages understand", (pattern) => {
    expect(describeField(z.string().max(9).regex(pattern))).toEqual({ type: "string", maxLength: 9 });
  });

  test.each([[/^[a-z]{1,20}$/], [/^(?:a|b)\.\d+$/]])("keeps the pattern %p", (pattern) => {
    expect(describeField(z.string().regex(pattern))).toEqual({ type: "string", pattern: pattern.source });
  });

  test.each([
    [true, { type: "boolean" }],
    ["***", { type: "string" }],
    ["a*", { type: "string", const: "a*" }],
    [1, { type: "number", const: 1 }],
  ])("says that only %p fits, if that makes a name", (value, expected) => {
    expect(describeField(z.literal(value))).toEqual(expected);
  });

  test("keeps fields that have the names of keywords", () => {
    const names = { pattern: z.string(), const: z.boolean(), type: z.string(), anyOf: z.string(), $ref: z.string() };
    expect(describeField(z.object(names)).properties).toEqual({
      pattern: { type: "string" },
      const: { type: "boolean" },
      type: { type: "string" },
      anyOf: { type: "string" },
      $ref: { type: "string" },
    });
  });
});

describe("the document of the gateway", () => {
  // biome-ignore lint/suspicious/noExplicitAny: the tests read the document by path, as a client does.
  const document: any = toOpenApi(createOperations({ docs_auth: false }), "1.2.3");
  const text = JSON.stringify(document);

  test("has no schema that only null fits, and no pattern that few languages understand", () => {
    expect(text.match(/:\{"type":"null"/g) ?? []).toEqual([]);
    const patterns = [...text.matchAll(/"pattern":"((?:[^"\\]|\\.)*)"/g)].map(([, pattern]) => pattern);
    expect(patterns.length).toBeGreaterThan(5);
    expect(patterns.filter((pattern) => /\\[pP]|\(\?[^:]/.test(pattern ?? ""))).toEqual([]);
  });

  test("states the lengths that the server checks in bytes, in items and in entries", () => {
    const { WakeInput, CreateApiKeyInput, UpdateSessionInput, ShareAgentInput } = document.components.schemas;
    expect(WakeInput.properties.session_key).toMatchObject({ minLength: 1, maxLength: LIMITS.sessionKeyBytes });
    expect(WakeInput.properties.user_id).toMatchObject({ minLength: 1, maxLength: LIMITS.userIdBytes });
    expect(ShareAgentInput.properties.user_id).toMatchObject({ minLength: 1, maxLength: LIMITS.userIdBytes });
    expect(CreateApiKeyInput.properties.name).toMatchObject({ minLength: 1, maxLength: 100 });
    expect(CreateApiKeyInput.properties.scopes).toMatchObject({ minItems: 1, maxItems: 20 });
    expect(UpdateSessionInput.properties.metadata).toMatchObject({ maxProperties: 100 });
  });

  test("mentions the other name of a field in the description of that field", () => {
    const { parameters } = document.paths["/v1/sessions"].get;
    const described = parameters.find(({ name }: { name?: string }) => name === "agent_id");
    expect(described.description).toEndWith("also taken as `agentId`");
    expect(document.components.schemas.CreateAgentInput.properties.budget_monthly_cents.description).toEndWith(
      "also taken as `monthly_cents`",
    );
    expect(text).not.toMatch(/"(?:agentId|userId|sessionKey|monthly_cents)":/);
  });

  test("names its schemas with words", () => {
    const names = Object.keys(document.components.schemas);
    expect(names.length).toBeGreaterThan(70);
    expect(names.filter((name) => !/^[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
  });

  test("gives no operation two fields that are one name in another language", () => {
    const spelled = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
    const twice = (names: readonly string[]) =>
      names.filter((name, index) => names.findIndex((other) => spelled(other) === spelled(name)) !== index);
    for (const item of Object.values<Record<string, typeof document>>(document.paths)) {
      for (const { operationId, parameters = [] } of Object.values(item)) {
        const named = parameters.flatMap(({ name }: { name?: string }) => (name === undefined ? [] : [name]));
        expect([operationId, twice(named)]).toEqual([operationId, []]);
      }
    }
    for (const [name, { properties = {} }] of Object.entries<typeof document>(document.components.schemas)) {
      expect([name, twice(Object.keys(properties))]).toEqual([name, []]);
    }
  });
});
