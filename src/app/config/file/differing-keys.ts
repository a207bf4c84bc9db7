import type { Config } from "#app/config/schema.ts";
import { isRecord, recordOf } from "#base/json.ts";
import { Secret } from "#base/secret.ts";

/** Returns the keys, such as `gateway.port`, whose values differ. */
export function differingKeys(one: Config, other: Config): readonly string[] {
  const sections: Readonly<Record<string, unknown>> = other;
  return Object.entries(one).flatMap(([section, values]) => {
    const [mine, others] = [recordOf(values), recordOf(sections[section])];
    return keysOf(mine, others)
      .filter((key) => !isSame(mine[key], others[key]))
      .map((key) => `${section}.${key}`);
  });
}

const keysOf = (...records: readonly object[]): readonly string[] => [...new Set(records.flatMap(Object.keys))];

function isSame(one: unknown, other: unknown): boolean {
  if (one instanceof Secret) return other instanceof Secret && one.reveal() === other.reveal();
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) && one.length === other.length && one.every((part, index) => isSame(part, other[index]))
    );
  }
  if (!isRecord(one) || !isRecord(other)) return Object.is(one, other);
  return keysOf(one, other).every((key) => isSame(one[key], other[key]));
}
