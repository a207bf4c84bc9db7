import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { MASK } from "#base/secret.ts";
import { withinBytes } from "#core/free-form.ts";

const MAX_VALUE_CHARS = 16_384;
const MAX_NAME_CHARS = 200;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** The transport sets these itself. */
const OWN_HEADERS = /^(?:host|connection|content-length|content-type|transfer-encoding|accept|mcp-.*)$/i;

/** The variables of the gateway's own environment that a value `env:NAME` may take over. */
export const SHARED_VARIABLES = [
  ...["HOME", "USER", "PATH", "SHELL", "LANG", "LC_ALL", "TZ", "TERM"],
  ...["NODE_ENV", "ENVIRONMENT", "LOG_LEVEL", "DEBUG"],
] as const;

const REFERENCE = /^env:(.*)$/s;

/** Returns the variable to which a value refers, or undefined if it is a plain value. */
export const referencedVariable = (value: string): string | undefined => REFERENCE.exec(value)?.[1];

const isShared = (name: string): boolean => SHARED_VARIABLES.some((shared) => shared === name);

const Value = z
  .string()
  .max(MAX_VALUE_CHARS)
  .refine((value) => {
    const variable = referencedVariable(value);
    return variable === undefined || isShared(variable);
  }, "field.choice_of_variables");

const KEEPS = `"${MASK}" keeps the stored value of that name`;

/** Headers for a server that is reached over HTTP. */
const Headers = withinBytes(
  z.record(
    z
      .string()
      .max(MAX_NAME_CHARS)
      .regex(HEADER_NAME)
      .refine((name) => !OWN_HEADERS.test(name), "field.unsupported"),
    // A header can contain only these characters.
    Value.refine((value) => /^[ -~]*$/.test(value), "field.format"),
  ),
  LIMITS.metadataBytes * 4,
);

/** Variables for the process of a `stdio` server. */
const Variables = withinBytes(
  z.record(
    z.string().max(MAX_NAME_CHARS).regex(ENV_NAME),
    Value.refine((value) => !value.includes("\0"), "field.format"),
  ),
  LIMITS.metadataBytes * 4,
);

export const credentialFields = {
  api_key: z
    .string()
    .max(MAX_VALUE_CHARS)
    .refine((key) => /^[ -~]*$/.test(key.trim()), "field.format")
    .nullish()
    .describe(`Sent as a bearer token, or as API_KEY to a process; "" or "${MASK}" keeps the stored one`),
  headers: Headers.nullish().describe(`Replaces the stored headers; ${KEEPS}`),
  env: Variables.nullish().describe(`Replaces the stored variables; ${KEEPS}`),
};

const Masks = z.record(z.string(), z.literal(MASK));

/** How stored credentials are shown. */
export const shownCredentials = {
  api_key: z.literal(MASK).optional().describe("Present when a key is stored"),
  has_api_key: z.boolean(),
  headers: Masks,
  env: Masks,
};
