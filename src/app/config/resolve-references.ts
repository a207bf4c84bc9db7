import type { Environment } from "#app/config/read-environment.ts";
import { isRecord } from "#base/json.ts";

const REFERENCE = /^\$\{(\w+)\}$/;

export interface ReferenceOptions {
  readonly env: Environment;
  /** Called with each variable that the file refers to. */
  readonly onReference: (variable: string) => void;
  /** Called for a variable that is not set or empty, with the keys that lead to the text. */
  readonly onMissing: (variable: string, path: readonly PropertyKey[]) => never;
}

/** Returns whether a value of the file stands for a variable of the environment. */
export const isReference = (value: unknown): value is string =>
  typeof value === "string" && REFERENCE.test(value.trim());

/** Replaces each text of the form `${NAME}` in the content of the file by that variable of the environment. */
export function resolveReferences(
  content: unknown,
  options: ReferenceOptions,
  path: readonly PropertyKey[] = [],
): unknown {
  if (Array.isArray(content)) return content.map((part, index) => resolveReferences(part, options, [...path, index]));
  if (isRecord(content)) {
    const entries = Object.entries(content);
    return Object.fromEntries(entries.map(([key, part]) => [key, resolveReferences(part, options, [...path, key])]));
  }
  const variable = typeof content === "string" ? REFERENCE.exec(content.trim())?.[1] : undefined;
  if (variable === undefined) return content;
  options.onReference(variable);
  const value = options.env[variable]?.trim() ?? "";
  return value === "" ? options.onMissing(variable, path) : value;
}
