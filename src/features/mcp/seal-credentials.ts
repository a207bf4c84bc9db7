import { invalidField } from "#base/errors.ts";
import { ownValue } from "#base/json.ts";
import { MASK, Secret } from "#base/secret.ts";
import type { SecretBox, SecretPlace } from "#base/secret-box.ts";
import { fromJson, toJson } from "#db/values.ts";

/** The columns that hold sealed credentials. */
export interface CredentialColumns {
  readonly api_key: string;
  readonly headers: string;
  readonly env: string;
}

type Values = Readonly<Record<string, string>>;

export interface SentCredentials {
  readonly api_key?: string | null | undefined;
  readonly headers?: Values | null | undefined;
  readonly env?: Values | null | undefined;
}

/** The row to which credentials are sealed. They can be opened only there. */
export interface CredentialRow {
  readonly table: "mcp_servers" | "mcp_user_credentials";
  readonly row: string;
  readonly tenant: string;
}

export interface SealedCredentials {
  readonly columns: CredentialColumns;
  /** The request fields whose stored credentials stay. */
  readonly kept: readonly string[];
}

export const NO_CREDENTIALS: CredentialColumns = { api_key: "", headers: "{}", env: "{}" };

const placeOf = ({ table, row, tenant }: CredentialRow, column: string): SecretPlace => ({
  table,
  column,
  row,
  tenant,
});

/** Seals the credentials of a request. An absent field and a mask keep what is stored. Throws 400 if there is nothing. */
export function sealCredentials(
  sent: SentCredentials,
  stored: CredentialColumns,
  row: CredentialRow,
  secretBox: SecretBox,
): SealedCredentials {
  const key = sent.api_key?.trim();
  const isNewKey = key !== undefined && key !== "" && key !== MASK;
  const headers = sealValues("headers", sent.headers, stored.headers, row, secretBox);
  const env = sealValues("env", sent.env, stored.env, row, secretBox);
  return {
    columns: {
      api_key: isNewKey ? secretBox.seal(new Secret(key), placeOf(row, "api_key")) : stored.api_key,
      headers: toJson(headers.values),
      env: toJson(env.values),
    },
    kept: [...(!isNewKey && stored.api_key !== "" ? ["api_key"] : []), ...headers.kept, ...env.kept],
  };
}

function sealValues(
  field: "headers" | "env",
  sent: Values | null | undefined,
  storedText: string,
  row: CredentialRow,
  secretBox: SecretBox,
): { readonly values: Values; readonly kept: readonly string[] } {
  const stored = fromJson<Values>(storedText);
  const kept: string[] = [];
  const seal = ([name, value]: readonly [string, string]) => {
    const known = ownValue(stored, name);
    if (value !== MASK) return [name, secretBox.seal(new Secret(value), placeOf(row, `${field}.${name}`))] as const;
    if (known === undefined) throw invalidField(`${field}.${name}`, "a value");
    kept.push(`${field}.${name}`);
    return [name, known] as const;
  };
  const wanted = sent ?? Object.fromEntries(Object.keys(stored).map((name) => [name, MASK]));
  return { values: Object.fromEntries(Object.entries(wanted).map(seal)), kept };
}

/** Opened credentials. */
export interface OpenCredentials {
  readonly apiKey: Secret;
  readonly headers: Readonly<Record<string, Secret>>;
  readonly env: Readonly<Record<string, Secret>>;
}

/** Opens the credentials of a row. Throws if a key is missing. */
export function openCredentials(columns: CredentialColumns, row: CredentialRow, secretBox: SecretBox): OpenCredentials {
  const open = (field: "headers" | "env") =>
    Object.fromEntries(
      Object.entries(fromJson<Values>(columns[field])).map(([name, sealed]) => [
        name,
        secretBox.open(sealed, placeOf(row, `${field}.${name}`)),
      ]),
    );
  return {
    apiKey: secretBox.open(columns.api_key, placeOf(row, "api_key")),
    headers: open("headers"),
    env: open("env"),
  };
}

/** Returns credentials as they are shown: the names, with masks for the values. */
export const maskCredentials = ({ api_key, headers, env }: CredentialColumns) => ({
  api_key: api_key === "" ? undefined : (MASK as typeof MASK),
  has_api_key: api_key !== "",
  headers: maskValues(headers),
  env: maskValues(env),
});

const maskValues = (text: string): Record<string, typeof MASK> =>
  Object.fromEntries(Object.keys(fromJson<Values>(text)).map((name) => [name, MASK]));

/** Returns all sealed texts of a row. */
export const sealedTextsOf = ({ api_key, headers, env }: CredentialColumns): readonly string[] => [
  api_key,
  ...[headers, env].flatMap((text) => Object.values(fromJson<Values>(text))),
];
