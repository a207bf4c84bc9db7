import type { ParsedConfig } from "#app/config/file/parse-config.ts";
import { isReference } from "#app/config/resolve-references.ts";
import { isRecord, ownValue, recordOf } from "#base/json.ts";
import { MASK, Secret } from "#base/secret.ts";

/**
 * Returns every key with its value. Secrets are `***`, and so are addresses with a user or a password. What the file
 * takes from another variable, such as `${NAME}`, is shown as it is written there, because any variable may hold a
 * secret.
 */
export function showConfig({ config, content, fromEnvironment }: ParsedConfig): Readonly<Record<string, unknown>> {
  const showKey = (section: string, [key, value]: readonly [string, unknown]) => {
    const written = fromEnvironment.includes(`${section}.${key}`)
      ? undefined
      : ownValue(recordOf(content[section]), key);
    return [key, show(value, written)];
  };
  const shown = Object.entries(config).map(([section, values]) => [
    section,
    Object.fromEntries(Object.entries(values).map((entry) => showKey(section, entry))),
  ]);
  return Object.fromEntries(shown);
}

function show(value: unknown, written: unknown): unknown {
  if (value instanceof Secret || hasCredentials(value)) return MASK;
  if (isReference(written)) return written;
  if (Array.isArray(value)) {
    const parts: readonly unknown[] = Array.isArray(written) ? written : [];
    return value.map((part, index) => show(part, parts[index]));
  }
  if (!isRecord(value)) return value;
  const parts = recordOf(written);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, show(part, ownValue(parts, key))]));
}

function hasCredentials(value: unknown): boolean {
  const url = typeof value === "string" ? URL.parse(value) : null;
  return url !== null && `${url.username}${url.password}` !== "";
}
