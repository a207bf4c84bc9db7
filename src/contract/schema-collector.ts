import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson, type JsonObject, type JsonValue } from "#base/json.ts";

/** Whether a schema describes request data, before defaults and transforms, or response data. */
export type Direction = "input" | "output";

const DEFINITIONS = "#/$defs/";
const COMPONENTS = "#/components/schemas/";
const REFERENCE = /^#\/components\/schemas\/(.+)\?(input|output)$/;

/**
 * Converts Zod schemas to JSON Schema 2020-12 and collects those with a `.meta({ id })` as components.
 * Until `resolve`, references contain their direction, because a schema with defaults differs between the directions.
 */
export class SchemaCollector {
  readonly #schemas: Record<Direction, Map<string, JsonObject>> = { input: new Map(), output: new Map() };

  /** Returns the JSON schema to embed. It is a reference if the schema has an id. */
  toSchema(schema: z.ZodType, direction: Direction): JsonObject {
    const { $schema: _, $defs, ...root } = toPlainJson(schema, direction);
    const definitions = Object.entries(($defs ?? {}) as Readonly<Record<string, JsonObject>>);
    const rename = toRename(definitions);
    for (const [name, definition] of definitions)
      this.#add(rename(name), direction, relink(definition, direction, rename));
    if (!refersToItself(root)) return relink(root, direction, rename);

    const own = anonymousName("root", [["root", root]]);
    this.#add(own, direction, relink(root, direction, rename, own));
    return referTo(own, direction);
  }

  /** Returns an input's component name, and its schema with inline fields. Collects only the schemas it refers to. */
  describeInput(schema: z.ZodObject): { readonly name: string | undefined; readonly fields: JsonObject } {
    const name = z.globalRegistry.get(schema)?.id;
    if (name === undefined) return { name, fields: this.toSchema(schema, "input") };
    const { $defs = {} } = toPlainJson(schema, "input");
    const { [name]: own, ...others } = $defs as Readonly<Record<string, JsonObject>>;
    const definitions = Object.entries(others);
    const rename = toRename(definitions);
    for (const [other, definition] of definitions)
      this.#add(rename(other), "input", relink(definition, "input", rename));
    return { name, fields: relink(own ?? {}, "input", rename) };
  }

  /** Stores an input under a name and returns a reference to it. Returns the schema itself if the name is taken. */
  nameInput(name: string | undefined, schema: JsonObject): JsonObject {
    if (name === undefined) return schema;
    const known = this.#schemas.input.get(name);
    if (known && !isSame(known, schema)) return schema;
    this.#schemas.input.set(name, schema);
    return referTo(name, "input");
  }

  /** Returns the document with final references, and the components by name. Throws if two schemas share a name. */
  resolve(document: JsonObject): { readonly document: JsonObject; readonly components: JsonObject } {
    const differing = this.#findDiffering();
    const finalName = (name: string, direction: string) =>
      direction === "input" && differing.has(name) ? `${name}Input` : name;
    const finalize = <Value extends JsonValue>(value: Value): Value =>
      JSON.parse(JSON.stringify(value), (key, part: unknown) => {
        if (key !== "$ref") return part;
        return String(part).replace(REFERENCE, (_, name, direction) => COMPONENTS + finalName(name, direction));
      });

    const components = new Map<string, JsonObject>();
    for (const direction of ["output", "input"] as const) {
      for (const [name, schema] of this.#schemas[direction]) {
        const known = components.get(finalName(name, direction));
        const final = finalize(schema);
        if (known && !isSame(known, final)) throw new Error(`two schemas are named ${finalName(name, direction)}`);
        components.set(finalName(name, direction), final);
      }
    }
    const sorted = [...components].sort(([a], [b]) => (a < b ? -1 : 1));
    return { document: finalize(document), components: Object.fromEntries(sorted) };
  }

  #add(name: string, direction: Direction, schema: JsonObject): void {
    const known = this.#schemas[direction].get(name);
    if (known && !isSame(known, schema)) throw new Error(`two schemas have the id ${name}`);
    this.#schemas[direction].set(name, schema);
  }

  /** Returns the names of schemas that differ by direction, in themselves or in a schema that they refer to. */
  #findDiffering(): ReadonlySet<string> {
    const { input, output } = this.#schemas;
    const shared = [...input.keys()].filter((name) => output.has(name));
    const differing = new Set(
      shared.filter((name) => !isSame(undirected(input.get(name)), undirected(output.get(name)))),
    );
    for (let size = -1; size !== differing.size; ) {
      size = differing.size;
      for (const name of shared) {
        if (referencesIn(input.get(name)).some((reference) => differing.has(reference))) differing.add(name);
      }
    }
    return differing;
  }
}

function toPlainJson(schema: z.ZodType, direction: Direction): JsonObject {
  const json = z.toJSONSchema(schema, {
    io: direction,
    target: "draft-2020-12",
    // An input that JSON Schema cannot express, such as a file, accepts anything. Every output must be expressible.
    unrepresentable: direction === "input" ? "any" : "throw",
    override: ({ zodSchema: { _zod }, jsonSchema }) => {
      const { def } = _zod;
      // Clients must accept unknown fields, because later versions may add some.
      if (direction === "output" && def.type === "object" && !("catchall" in def && def.catchall)) {
        delete jsonSchema.additionalProperties;
      }
      // In Zod it means "frozen after parsing", in OpenAPI "never sent by clients".
      if (def.type === "readonly") delete jsonSchema.readOnly;
      // These formats imply the pattern.
      if (jsonSchema.format === "uuid" || jsonSchema.format === "date-time") delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return JSON.parse(JSON.stringify(json));
}

/** Replaces references to a schema's own definitions by references to components. */
function relink(schema: JsonObject, direction: Direction, rename: (name: string) => string, self = ""): JsonObject {
  return JSON.parse(JSON.stringify(schema), (key, part: unknown) => {
    if (key !== "$ref" || typeof part !== "string") return part;
    if (part === "#") return referTo(self, direction).$ref;
    return part.startsWith(DEFINITIONS) ? referTo(rename(part.slice(DEFINITIONS.length)), direction).$ref : part;
  });
}

const referTo = (name: string, direction: Direction) => ({ $ref: `${COMPONENTS}${name}?${direction}` });

/** Returns a name for a recursive schema without an id. The name is a hash, so it changes only with the schema. */
function anonymousName(name: string, definitions: readonly (readonly [string, JsonValue])[]): string {
  const text = canonicalJson([name, definitions.filter(([other]) => other.startsWith("__") || other === name)]);
  return `Recursive${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}

const toRename = (definitions: readonly (readonly [string, JsonValue])[]) => (name: string) =>
  name.startsWith("__") ? anonymousName(name, definitions) : name;

const refersToItself = (schema: JsonObject) => JSON.stringify(schema).includes('"$ref":"#"');

const isSame = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);

const undirected = (schema: JsonObject | undefined) =>
  JSON.parse(JSON.stringify(schema), (key, part: unknown) =>
    key === "$ref" ? String(part).replace(REFERENCE, "$1") : part,
  );

const referencesIn = (schema: JsonObject | undefined): readonly string[] =>
  [...JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"?]+)\?/g)].map((match) => match[1] ?? "");
