import { z } from "zod";
import { canonicalJson, type JsonObject, type JsonValue } from "#base/json.ts";
import { describeAliases } from "#contract/describe-aliases.ts";
import { inlineAnyJson } from "#contract/inline-any-json.ts";
import { toDiscriminator } from "#contract/to-discriminator.ts";
import { toPortable } from "#contract/to-portable.ts";

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
    const { $defs = {}, ...root } = toPlainJson(schema, direction);
    this.#addAll($defs, direction);
    return relink(root, direction);
  }

  /** Returns an input's component name, and its schema with inline fields. Collects only the schemas it refers to. */
  describeInput(schema: z.ZodObject): { readonly name: string | undefined; readonly fields: JsonObject } {
    const name = z.globalRegistry.get(schema)?.id;
    if (name === undefined) return { name, fields: describeAliases(this.toSchema(schema, "input")) };
    const { $defs = {} } = toPlainJson(schema, "input");
    const { [name]: own = {}, ...others } = $defs;
    this.#addAll(others, "input");
    return { name, fields: describeAliases(relink(own, "input")) };
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
      JSON.parse(JSON.stringify(value), (_, part: unknown) =>
        typeof part === "string"
          ? part.replace(REFERENCE, (_, name, direction) => COMPONENTS + finalName(name, direction))
          : part,
      );

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

  #addAll(definitions: Definitions, direction: Direction): void {
    for (const [name, definition] of Object.entries(definitions)) {
      const schema = relink(definition, direction);
      const known = this.#schemas[direction].get(name);
      if (known && !isSame(known, schema)) throw new Error(`two schemas have the id ${name}`);
      this.#schemas[direction].set(name, schema);
    }
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

/** The schemas that a schema refers to, by their ids. */
type Definitions = Readonly<Record<string, JsonObject>>;

/** Returns a JSON schema with its definitions. Throws if a schema that contains itself has no id to be named by. */
function toPlainJson(schema: z.ZodType, direction: Direction): JsonObject & { readonly $defs?: Definitions } {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: direction,
    target: "draft-2020-12",
    // An input that JSON Schema cannot express, such as a file, accepts anything. Every output must be expressible.
    unrepresentable: direction === "input" ? "any" : "throw",
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      const discriminator = toDiscriminator(zodSchema);
      if (discriminator) Object.assign(jsonSchema, { discriminator });
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
  const plain = toPortable(inlineAnyJson(JSON.parse(JSON.stringify(json))));
  if (/"\$ref":"#(?:"|\/\$defs\/__)/.test(JSON.stringify(plain))) {
    throw new Error("a schema that contains itself needs an id");
  }
  return plain as JsonObject & { readonly $defs?: Definitions };
}

/** Replaces references to a schema's own definitions by references to components, in `$ref` and in discriminators. */
function relink(schema: JsonObject, direction: Direction): JsonObject {
  return JSON.parse(JSON.stringify(schema), (_, part: unknown) =>
    typeof part === "string" && part.startsWith(DEFINITIONS)
      ? referTo(part.slice(DEFINITIONS.length), direction).$ref
      : part,
  );
}

const referTo = (name: string, direction: Direction) => ({ $ref: `${COMPONENTS}${name}?${direction}` });

const isSame = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);

const undirected = (schema: JsonObject | undefined) =>
  JSON.parse(JSON.stringify(schema), (_, part: unknown) =>
    typeof part === "string" ? part.replace(REFERENCE, "$1") : part,
  );

const referencesIn = (schema: JsonObject | undefined): readonly string[] =>
  [...JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"?]+)\?/g)].map((match) => match[1] ?? "");
