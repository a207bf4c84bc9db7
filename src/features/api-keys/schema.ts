import { z } from "zod";
import { SCOPES } from "#core/access/access.ts";
import { UserId } from "#core/access/identity.ts";
import { SingleLine, Timestamp } from "#core/wire.ts";

const MAX_NAME_BYTES = 100;
/** 100 years, in seconds. A longer lifetime is most likely a mistake. */
const MAX_LIFETIME = 100 * 365 * 86_400;

const Scopes = z.array(z.enum(SCOPES));

/** The wire form of a key, without the secret itself. */
export const ApiKey = z
  .object({
    id: z.guid(),
    tenant_id: z.string().describe("All zeros for a key of the system, which may act in any tenant"),
    name: z.string(),
    prefix: z.string().describe("The first 8 hex characters of the key's random part"),
    masked: z.string().describe("How to show the key to people"),
    scopes: Scopes,
    owner_id: z.string().optional().describe("The user that the key always acts for"),
    expires_at: Timestamp.nullable().describe("Null: never"),
    last_used_at: Timestamp.nullable().describe("Exact to a few minutes"),
    revoked: z.boolean(),
    created_by: z.string(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof ApiKey>;

export const ApiKeyList = z.array(ApiKey).meta({ id: "ApiKeyList" });

/** The response to a creation. Only this response contains the key itself. */
export const CreatedApiKey = ApiKey.pick({
  id: true,
  tenant_id: true,
  name: true,
  prefix: true,
  masked: true,
  scopes: true,
  owner_id: true,
  expires_at: true,
  created_at: true,
})
  .extend({ key: z.string().optional().describe("Shown this once; a replay under an Idempotency-Key leaves it out") })
  .meta({ id: "CreatedApiKey" });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const SHORT_SCOPES = ["read", "write", "admin"] as const;

export const CreateApiKeyInput = z
  .object({
    name: SingleLine.min(1)
      .refine((text) => Buffer.byteLength(text) <= MAX_NAME_BYTES)
      .meta({ maxLength: MAX_NAME_BYTES })
      .describe(`At most ${MAX_NAME_BYTES} bytes`),
    scopes: z
      .array(z.enum([...SCOPES, ...SHORT_SCOPES]))
      .min(1)
      .max(20)
      .describe("`read`, `write` and `admin` stand for `operator.read`, `operator.write` and `operator.admin`"),
    expires_in: z
      .int()
      .min(0)
      .max(MAX_LIFETIME)
      .nullish()
      .describe("Lifetime in seconds, at most a century; null, 0 or absent: never expires"),
    owner_id: UserId.nullish().describe("Binds the key to a user, whom it then always acts for"),
    tenant_id: z
      .guid()
      .nullish()
      .describe(
        "For owners of the gateway: the key's tenant. Without it, and without a tenant header, their key is one of the system",
      ),
  })
  .meta({ id: "CreateApiKeyInput" });
export type CreateApiKeyInput = z.infer<typeof CreateApiKeyInput>;

export const ApiKeyPath = z.object({ id: z.string().describe("The key's id") });
