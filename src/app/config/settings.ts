import { z } from "zod";
import { Config } from "#app/config/schema.ts";

/** One key of the configuration, as the schema describes it. */
export interface Setting {
  readonly path: readonly [section: string, key: string];
  readonly description: string;
  /** The variables that set it; the first is the one we speak of. */
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
  /** What each section is about, by its name. */
  readonly sections: ReadonlyMap<string, string>;
}

/** Reads the schema as a list of keys. */
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
  const usual = `GOCLAW_${section}_${key}`.toUpperCase();
  const special = property.environment;
  return {
    path: [section, key],
    description: property.description,
    environment: special !== undefined && special !== usual ? [special, usual] : [usual],
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
