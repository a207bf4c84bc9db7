import type { JsonObject } from "#web/screens/tools/parts/parse-object.ts";

/** One setting of a tool, with what its form begins with. */
export interface SettingField {
  readonly name: string;
  readonly kind: "text" | "secret" | "number" | "choice" | "list";
  readonly description: string;
  readonly options: readonly string[];
  readonly value: string | string[];
  /** A secret is stored, which is never shown. */
  readonly isStored: boolean;
}

type Values = Readonly<Record<string, string | string[]>>;

const SECRET = /(?:key|token|secret|password)$/;

/** Reads the settings that a JSON Schema describes. */
export function toSettingFields({ properties }: JsonObject, settings: JsonObject): readonly SettingField[] {
  return Object.entries((properties ?? {}) as Readonly<Record<string, JsonObject>>).map(([name, schema]) => {
    const own = toOwnSchema(schema);
    const kind = toKind(name, own);
    const stored = settings[name];
    return {
      name,
      kind,
      description: [own, schema].map(({ description }) => description).find((text) => typeof text === "string") ?? "",
      options: Array.isArray(own.enum) ? own.enum.map(String) : [],
      value: toFormValue(kind, stored),
      isStored: stored !== undefined && stored !== null,
    } as SettingField;
  });
}

/** Returns what the gateway takes. What was emptied is removed, but a secret that nobody wrote stays. */
export function toSettings(fields: readonly SettingField[], written: Values): JsonObject {
  return Object.fromEntries(
    fields.flatMap(({ name, kind }): [string, unknown][] => {
      const value = written[name] ?? "";
      if (kind === "secret" && value === "") return [];
      if (value.length === 0) return [[name, null]];
      return [[name, kind === "number" ? Number(value) : value]];
    }),
  );
}

/** An optional setting is one schema or null. The one that says more is the setting's own. */
function toOwnSchema(schema: JsonObject): JsonObject {
  if (!Array.isArray(schema.anyOf)) return schema;
  const choices = (schema.anyOf as readonly JsonObject[]).filter(({ type }) => type !== "null");
  const [own] = choices.map(toOwnSchema).sort((one, other) => Number("const" in one) - Number("const" in other));
  return own ?? schema;
}

function toKind(name: string, { type, enum: options }: JsonObject): SettingField["kind"] {
  if (Array.isArray(options)) return "choice";
  if (type === "array") return "list";
  if (type === "integer" || type === "number") return "number";
  return SECRET.test(name) ? "secret" : "text";
}

function toFormValue(kind: SettingField["kind"], stored: unknown): string | string[] {
  if (kind === "list") return Array.isArray(stored) ? stored.map(String) : [];
  if (kind === "secret" || stored === undefined || stored === null) return "";
  return String(stored);
}
