import { z } from "zod";
import { Config } from "#app/config/schema.ts";

/** One key of the configuration, with the facts that the schema states about it. */
export interface Setting {
  readonly path: readonly [section: string, key: string];
  readonly description: string;
  /** The variables that set the key. Documentation names the first one. */
  readonly environment: readonly [string, ...string[]];
  readonly shape: Shape;
  readonly defaultValue: unknown;
  readonly example: unknown;
}

export type Shape =
  | { readonly kind: "text" }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "integer"; readonly minimum: number; readonly maximum: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "list" }
  | { readonly kind: "map" };

const Property = z.object({
  type: z.enum(["string", "integer", "boolean", "array", "object"]),
  description: z.string(),
  environment: z.string().optional(),
  default: z.unknown().optional(),
  example: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().default(0),
  maximum: z.number().default(Number.MAX_SAFE_INTEGER),
});
type Property = z.infer<typeof Property>;

const Section = z.object({ description: z.string(), properties: z.record(z.string(), Property) });
const Root = z.object({ properties: z.record(z.string(), Section) });

export interface Settings {
  /** Every key, in the order of the schema. */
  readonly all: readonly Setting[];
  /** The description of each section, by its name. */
  readonly sections: ReadonlyMap<string, string>;
}

/** Returns all keys and sections of the schema. */
export function readSettings(): Settings {
  const { properties: sections } = Root.parse(z.toJSONSchema(Config, { io: "input" }));
  return {
    sections: new Map(Object.entries(sections).map(([name, { description }]) => [name, description])),
    all: Object.entries(sections).flatMap(([section, { properties }]) =>
      Object.entries(properties).map(([key, property]) => toSetting(section, key, property)),
    ),
  };
}

function toSetting(section: string, key: string, property: Property): Setting {
  const standardName = `GOCLAW_${section}_${key}`.toUpperCase();
  const customName = property.environment;
  return {
    path: [section, key],
    description: property.description,
    environment: customName !== undefined && customName !== standardName ? [customName, standardName] : [standardName],
    shape: toShape(property),
    defaultValue: property.default,
    example: property.example,
  };
}

function toShape(property: Property): Shape {
  switch (property.type) {
    case "string":
      return property.enum ? { kind: "choice", choices: property.enum } : { kind: "text" };
    case "integer":
      return { kind: "integer", minimum: property.minimum, maximum: property.maximum };
    case "boolean":
      return { kind: "boolean" };
    case "array":
      return { kind: "list" };
    case "object":
      return { kind: "map" };
  }
}
