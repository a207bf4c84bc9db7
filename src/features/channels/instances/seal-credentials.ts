import { invalidField } from "#base/errors.ts";
import { MASK, Secret } from "#base/secret.ts";
import type { SecretBox, SecretPlace } from "#base/secret-box.ts";
import { findChannelType } from "#channels/types/channel-types.ts";
import { requireSameDestination } from "#core/require-same-destination.ts";
import type { ChannelInstancesTable } from "#db/channels/channel-tables.ts";
import { fromJson, toJson } from "#db/values.ts";

/** The sealed texts of an instance, by the names of its credentials. */
type Sealed = Readonly<Record<string, string>>;
type Sent = Readonly<Record<string, string | number | boolean | null>>;
type Row = Pick<ChannelInstancesTable, "id" | "tenant_id" | "channel_type" | "credentials">;

export interface ChangedCredentials {
  /** The new value of the column. */
  readonly column: string;
  /** The names of the credentials that the request replaced or removed. */
  readonly changed: readonly string[];
}

const placeOf = ({ id, tenant_id }: Pick<Row, "id" | "tenant_id">, name: string): SecretPlace => ({
  table: "channel_instances",
  column: `credentials.${name}`,
  row: id,
  tenant: tenant_id,
});

/**
 * Merges the credentials of a request into those of its row, name by name. A mask and an empty text keep the stored
 * value, null removes it. Throws 400 for a value of the wrong form, and for an address that would get a stored secret.
 */
export function sealCredentials(
  sent: Sent | null | undefined,
  row: Row,
  type: string,
  secretBox: SecretBox,
): ChangedCredentials {
  const stored = openCredentials(row, secretBox);
  const column = new Map(Object.entries(fromJson<Sealed>(row.credentials)));
  const next = new Map(Object.entries(stored));
  const changed: string[] = [];
  for (const [name, given] of Object.entries(sent ?? {})) {
    const value = given === null ? null : String(given).trim();
    if (value === MASK || value === "") continue;
    changed.push(name);
    column.delete(name);
    next.delete(name);
    if (value === null) continue;
    const secret = new Secret(requireForm(type, name, value));
    column.set(name, secretBox.seal(secret, placeOf(row, name)));
    next.set(name, secret);
  }
  const addresses = findChannelType(type)?.addresses ?? [];
  const toDestination = (channelType: string, values: ReadonlyMap<string, Secret>) => ({
    channel_type: channelType,
    ...Object.fromEntries(addresses.map((name) => [`credentials.${name}`, values.get(name)?.reveal() ?? ""])),
  });
  requireSameDestination({
    kept: Object.keys(stored)
      .filter((name) => !changed.includes(name) && !addresses.includes(name))
      .map((name) => `credentials.${name}`),
    before: toDestination(row.channel_type, new Map(Object.entries(stored))),
    after: toDestination(type, next),
  });
  return { column: toJson(Object.fromEntries(column)), changed };
}

function requireForm(type: string, name: string, value: string): string {
  const forms = findChannelType(type)?.credentials ?? {};
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form && !form.test(value)) throw invalidField(`credentials.${name}`, String(form));
  return value;
}

/** Opens the credentials of a row. Throws if the key that sealed one is missing. */
export function openCredentials(
  row: Pick<Row, "id" | "tenant_id" | "credentials">,
  secretBox: SecretBox,
): Readonly<Record<string, Secret>> {
  const sealed = Object.entries(fromJson<Sealed>(row.credentials));
  return Object.fromEntries(sealed.map(([name, text]) => [name, secretBox.open(text, placeOf(row, name))]));
}

export const maskCredentials = (column: string): Record<string, typeof MASK> =>
  Object.fromEntries(Object.keys(fromJson<Sealed>(column)).map((name) => [name, MASK]));

/** Returns all sealed texts of a row. */
export const sealedTextsOf = ({ credentials }: Pick<Row, "credentials">): readonly string[] =>
  Object.values(fromJson<Sealed>(credentials));
