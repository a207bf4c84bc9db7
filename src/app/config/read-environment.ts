import JSON5 from "json5";
import type { Setting, Shape } from "#app/config/settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A value from the environment, with the key and the variable that sets it. */
export interface EnvironmentValue {
  readonly setting: Setting;
  readonly variable: string;
  readonly value: unknown;
}

/** Returns the configuration values that the environment sets. An empty variable counts as not set. */
export function readEnvironment(settings: readonly Setting[], env: Environment): readonly EnvironmentValue[] {
  return settings.flatMap((setting) => {
    const variable = setting.environment.find((name) => (env[name] ?? "").trim() !== "");
    const text = variable === undefined ? undefined : env[variable]?.trim();
    if (variable === undefined || text === undefined) return [];
    return [{ setting, variable, value: parseText(setting.shape, text) }];
  });
}

const TRUE = ["1", "true", "yes", "on"];
const FALSE = ["0", "false", "no", "off"];

/** Converts text to the type of a key. Returns text that does not fit unchanged, so that the schema refuses it. */
function parseText(shape: Shape, text: string): unknown {
  switch (shape.kind) {
    case "text":
    case "choice":
      return text;
    case "integer":
      return /^\d+$/.test(text) ? Number(text) : text;
    case "boolean":
      return parseBoolean(text.toLowerCase(), text);
    case "list":
      return text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "");
    case "map":
      return parseMap(text);
  }
}

function parseBoolean(lowerCase: string, text: string): boolean | string {
  if (TRUE.includes(lowerCase)) return true;
  return FALSE.includes(lowerCase) ? false : text;
}

function parseMap(text: string): unknown {
  try {
    return JSON5.parse(text);
  } catch {
    return text;
  }
}
