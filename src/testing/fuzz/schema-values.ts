import fc from "fast-check";
import { isRecord } from "#base/json.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Values that have broken somebody's server. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  -0,
  0.1,
  2 ** 53,
  "",
  " ",
  "null",
  "undefined",
  "../../etc/passwd",
  "%2e%2e%2f",
  "' or '1'='1",
  "{{.a}}",
  "\u0000",
  "a\r\nX-Header: b",
  "\u202egnp.exe",
  "Đặng 🦊 数据",
  "\ud800",
  "e\u0301",
  "x".repeat(300),
  "2026-13-45",
  "0000-00-00T00:00:00Z",
  "00000000-0000-0000-0000-000000000000",
  "__proto__",
  "constructor",
  [],
  [[]],
  {},
  { a: { b: { c: {} } } },
  { constructor: { prototype: {} } },
];

const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 3 }));

/** Generates values that a JSON Schema allows, and now and then one that it does not. */
export class SchemaValues {
  readonly #definitions: Schema;

  constructor(definitions: Schema) {
    this.#definitions = definitions;
  }

  /** `depth` bounds how far schemas that contain themselves are followed. */
  of(schema: unknown, depth = 0): fc.Arbitrary<unknown> {
    const right = depth > 5 ? fc.constant(null) : this.#right(isRecord(schema) ? schema : {}, depth);
    return fc.oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: hostile });
  }

  #right(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    if (typeof schema.$ref === "string") return this.of(this.#definitions[schema.$ref.split("/").at(-1) ?? ""], depth);
    const options = [schema.anyOf, schema.oneOf].find(Array.isArray);
    if (options) return fc.oneof(...options.map((option: unknown) => this.of(option, depth + 1)));
    if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
    if ("const" in schema) return fc.constant(schema.const);
    switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
      case "object":
        return this.#object(schema, depth);
      case "array":
        return fc.array(this.of(schema.items, depth + 1), { maxLength: 3 });
      case "integer":
      case "number":
        return numberOf(schema);
      case "boolean":
        return fc.boolean();
      case "string":
        return textOf(schema);
      default:
        return hostile;
    }
  }

  #object(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    const properties = isRecord(schema.properties) ? schema.properties : {};
    const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
    const fields = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, this.of(property, depth + 1)]),
    );
    const known = fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
    if (!isRecord(schema.additionalProperties)) return known;
    const more = fc.dictionary(fc.string({ maxLength: 20 }), this.of(schema.additionalProperties, depth + 1), {
      maxKeys: 3,
    });
    return fc.tuple(known, more).map(([own, others]) => ({ ...others, ...own }));
  }
}

function numberOf({ type, minimum, maximum }: Schema): fc.Arbitrary<number> {
  const min = typeof minimum === "number" ? Math.max(minimum, -1e6) : -1e6;
  const max = typeof maximum === "number" ? Math.min(maximum, 1e6) : 1e6;
  if (type === "integer") return fc.integer({ min: Math.ceil(min), max: Math.max(Math.ceil(min), Math.floor(max)) });
  return fc.double({ min, max: Math.max(min, max), noNaN: true });
}

function textOf({ format, minLength, maxLength }: Schema): fc.Arbitrary<string> {
  if (format === "uuid") return fc.uuid();
  if (format === "date-time") return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const min = typeof minLength === "number" ? Math.min(minLength, 50) : 0;
  const max = Math.max(min, Math.min(typeof maxLength === "number" ? maxLength : 40, 40));
  return fc.oneof(
    fc.string({ minLength: min, maxLength: max }),
    fc.string({ minLength: min, maxLength: max, unit: "grapheme" }),
    fc.stringMatching(/^[a-z][a-z0-9-]{1,30}$/),
  );
}
