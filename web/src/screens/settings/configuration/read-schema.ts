/** The parts of a JSON Schema that the configuration uses. */
interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: unknown;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  /** The variable that sets it as well, where it has a name of its own. */
  readonly environment?: string;
  readonly example?: unknown;
  /** A secret: its value is never shown. */
  readonly writeOnly?: boolean;
}

/** One key of the configuration, and how a person enters its value. */
export interface Setting {
  /** Such as `gateway.quota.hour`. */
  readonly path: string;
  readonly kind: "flag" | "number" | "text" | "secret" | "choice" | "list" | "json";
  readonly description: string;
  readonly usual: unknown;
  readonly choices: readonly string[];
  /** The variable of the environment that sets it as well. */
  readonly environment: string;
  readonly example: unknown;
}

export interface ConfigSection {
  readonly key: string;
  readonly description: string;
  readonly settings: readonly Setting[];
}

/** Reads the schema of the configuration: a section for each of its first keys, with all keys below. */
export function readSchema(schema: SchemaNode): readonly ConfigSection[] {
  return Object.entries(schema.properties ?? {}).map(([key, node]) => ({
    key,
    description: node.description ?? "",
    settings: node.properties ? listSettings(node.properties, key) : [toSetting(key, node, "")],
  }));
}

const listSettings = (nodes: Readonly<Record<string, SchemaNode>>, parent: string, about = ""): readonly Setting[] =>
  Object.entries(nodes).flatMap(([key, node]) => {
    const path = `${parent}.${key}`;
    return node.properties
      ? listSettings(node.properties, path, node.description ?? about)
      : [toSetting(path, node, about)];
  });

/** `about` stands in for a key that only its parent explains. */
function toSetting(path: string, node: SchemaNode, about: string): Setting {
  return {
    path,
    kind: kindOf(node),
    description: node.description ?? about,
    usual: node.default,
    choices: node.enum ?? [],
    environment: node.environment ?? variableOf(path),
    example: node.example,
  };
}

/** Keys below the second level have no variable of their own: that of their parent has them all. */
const variableOf = (path: string): string => `GOCLAW_${path.split(".").slice(0, 2).join("_")}`.toUpperCase();

function kindOf({ type, enum: choices, items, writeOnly }: SchemaNode): Setting["kind"] {
  if (writeOnly) return "secret";
  if (choices) return "choice";
  if (type === "boolean") return "flag";
  if (type === "integer" || type === "number") return "number";
  if (type === "string") return "text";
  // The places of masked secrets count, so such a list is no row of words.
  if (type === "array" && items?.type === "string" && !items.writeOnly) return "list";
  return "json";
}
