import { invalidField } from "#base/errors.ts";
import { MASK, Secret } from "#base/secret.ts";
import type { SecretBox } from "#base/secret-box.ts";
import type { CustomToolsTable } from "#db/tables.ts";
import { fromJson } from "#db/values.ts";
import { type SealedEnvironment, variablePlace } from "#features/custom-tools/stored-custom-tool.ts";
import { requireSafeEnvironment } from "#processes/base-environment.ts";

/** The variables of a tool after a request. */
export interface ChangedEnvironment {
  readonly sealed: SealedEnvironment;
  /** The request fields of the values that stay as they are stored. */
  readonly kept: readonly string[];
}

type StoredRow = Pick<CustomToolsTable, "id" | "tenant_id" | "env">;

/**
 * Seals the variables of a request for their row. They replace the stored ones, except that a masked value keeps the
 * stored value of its name. Without variables in the request, all stay. Throws 400 for a masked value without a stored
 * one, and for a variable that would change how programs start.
 */
export function sealEnvironment(
  sent: Readonly<Record<string, string>> | undefined,
  row: StoredRow,
  secretBox: SecretBox,
): ChangedEnvironment {
  const stored = fromJson<SealedEnvironment>(row.env);
  if (sent === undefined) return { sealed: stored, kept: Object.keys(stored).map(toField) };
  requireSafeEnvironment(sent, "env");
  const sealed = Object.entries(sent).map(([name, value]) => {
    const kept = value === MASK ? stored[name] : secretBox.seal(new Secret(value), variablePlace(row, name));
    if (kept === undefined) throw invalidField(toField(name), "a value");
    return [name, kept] as const;
  });
  const kept = Object.keys(sent).filter((name) => sent[name] === MASK);
  return { sealed: Object.fromEntries(sealed), kept: kept.map(toField) };
}

const toField = (name: string) => `env.${name}`;
