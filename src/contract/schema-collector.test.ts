import { expect, test } from "bun:test";
import { z } from "zod";
import { SchemaCollector } from "#contract/schema-collector.ts";

const COMPONENTS = "#/components/schemas/";
const refer = (name: string) => ({ $ref: `${COMPONENTS}${name}` });
const text = { type: "string" };

test("a schema that differs by direction is two components, and so is one that refers to it", () => {
  const collector = new SchemaCollector();
  const Inner = z.object({ size: z.int().default(1) }).meta({ id: "CollectedInner" });
  const Outer = z.object({ inner: Inner }).meta({ id: "CollectedOuter" });
  const Same = z.looseObject({ name: z.string() }).meta({ id: "CollectedSame" });
  const All = z.looseObject({ outer: Outer, same: Same });
  const input = collector.toSchema(All, "input");
  const output = collector.toSchema(All, "output");
  const { document, components } = collector.resolve({ input, output });
  expect(document).toMatchObject({
    input: { properties: { outer: refer("CollectedOuterInput"), same: refer("CollectedSame") } },
    output: { properties: { outer: refer("CollectedOuter"), same: refer("CollectedSame") } },
  });
  expect(Object.keys(components)).toEqual([
    ...["CollectedInner", "CollectedInnerInput", "CollectedOuter", "CollectedOuterInput", "CollectedSame"],
  ]);
  expect(components).toMatchObject({
    CollectedInner: { required: ["size"] },
    CollectedOuter: { properties: { inner: refer("CollectedInner") } },
    CollectedOuterInput: { properties: { inner: refer("CollectedInnerInput") } },
  });
  expect(components.CollectedInnerInput).not.toHaveProperty("required");
});

test("a schema of one direction alone keeps its name", () => {
  const collector = new SchemaCollector();
  const schema = collector.toSchema(z.object({ size: z.int().default(1) }).meta({ id: "CollectedAlone" }), "input");
  const { document, components } = collector.resolve({ schema });
  expect([document, Object.keys(components)]).toEqual([{ schema: refer("CollectedAlone") }, ["CollectedAlone"]]);
});

test("unknown fields are accepted in answers, unless the schema says what they are", () => {
  const collector = new SchemaCollector();
  const plain = z.object({ a: z.string() });
  expect(collector.toSchema(plain, "output")).not.toHaveProperty("additionalProperties");
  const strict = z.strictObject({ a: z.string() });
  expect(collector.toSchema(strict, "input")).toHaveProperty("additionalProperties", false);
  expect(collector.toSchema(plain.catchall(z.string()), "output")).toHaveProperty("additionalProperties", text);
});

test("a format stands for its pattern, and bounds of all whole numbers are none", () => {
  const collector = new SchemaCollector();
  const fields = { id: z.uuid(), at: z.iso.datetime(), size: z.int(), few: z.int().min(1).max(5), mail: z.email() };
  const { properties } = collector.toSchema(z.object(fields), "input");
  expect(properties).toEqual({
    id: { ...text, format: "uuid" },
    at: { ...text, format: "date-time" },
    size: { type: "integer" },
    few: { type: "integer", minimum: 1, maximum: 5 },
    mail: expect.objectContaining({ format: "email", pattern: expect.any(String) }),
  });
});

test("a frozen value is not one that clients never send", () => {
  const frozen = z.object({ list: z.array(z.string()).readonly() });
  expect(new SchemaCollector().toSchema(frozen, "output").properties).toEqual({ list: { type: "array", items: text } });
});

test("an input that JSON cannot express accepts anything, and no answer may be one", () => {
  const collector = new SchemaCollector();
  const schema = z.object({ at: z.date() });
  expect(collector.toSchema(schema, "input").properties).toEqual({ at: {} });
  expect(() => collector.toSchema(schema, "output")).toThrow();
});

test("a union whose members have names says how they are told apart", () => {
  const A = z.object({ kind: z.literal("a") }).meta({ id: "CollectedA" });
  const B = z.object({ kind: z.literal("b") }).meta({ id: "CollectedB" });
  const collector = new SchemaCollector();
  const schema = collector.toSchema(z.discriminatedUnion("kind", [A, B]), "output");
  expect(collector.resolve(schema).document).toEqual({
    oneOf: [refer("CollectedA"), refer("CollectedB")],
    discriminator: {
      propertyName: "kind",
      mapping: { a: `${COMPONENTS}CollectedA`, b: `${COMPONENTS}CollectedB` },
    },
  });
});

test("an input has the name of its schema if that is free, and stays inline otherwise", () => {
  const collector = new SchemaCollector();
  const Named = z.object({ a: z.string() }).meta({ id: "CollectedNamed" });
  expect(collector.describeInput(z.object({ a: z.string() })).name).toBeUndefined();
  const { name, fields } = collector.describeInput(Named);
  expect([name, fields.properties]).toEqual(["CollectedNamed", { a: text }]);
  expect(collector.resolve({}).components).toEqual({});
  const one = collector.nameInput(name, fields);
  expect(collector.nameInput(name, { ...fields })).toEqual(one);
  expect(collector.resolve({ one }).document).toEqual({ one: refer("CollectedNamed") });
  for (const free of [undefined, name]) expect(collector.nameInput(free, text)).toBe(text);
  expect(collector.resolve({}).components).toEqual({ CollectedNamed: fields });
});

test("a schema that contains itself needs a name", () => {
  const collector = new SchemaCollector();
  const make = (id?: string) => {
    const Tree: z.ZodType = z.lazy(() => (id === undefined ? Node : Node.meta({ id })));
    const Node = z.object({ children: z.array(Tree) });
    return z.object({ tree: Node });
  };
  expect(() => collector.toSchema(make(), "output")).toThrow("a schema that contains itself needs an id");
});
