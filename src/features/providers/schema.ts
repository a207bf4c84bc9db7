import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { Slug } from "#base/slug.ts";
import { withinBytes } from "#core/free-form.ts";
import { ModelName, SingleLine, Timestamp } from "#core/wire.ts";
import { PROVIDER_TYPES, type ProviderType } from "#models/provider-types.ts";

const MAX_FURTHER_KEYS = 20;
/** The vector size that a provider may be asked for, beside the model's own. */
const EMBEDDING_DIMENSIONS = 1_536;

const isProviderType = (text: string): text is ProviderType => Object.hasOwn(PROVIDER_TYPES, text);
const TYPES = Object.keys(PROVIDER_TYPES).filter(isProviderType);

const Name = Slug.describe("Unique in the tenant; agents name their provider by it");
const Type = z.enum(TYPES).describe("Which API the provider speaks");
const DisplayName = SingleLine.max(255).nullish().describe("For people to read; at most 255 characters");
const ApiBase = SingleLine.max(2_000)
  .nullish()
  .describe(
    "URL that the API's paths are appended to; empty means the type's own. Private ones need the operator's leave",
  );
const KeyText = z
  .string()
  .max(16_384)
  // A key is sent in a header, which can contain only these characters.
  .refine((key) => /^[ -~]*$/.test(key.trim()), "field.format");
const ApiKey = KeyText.nullish().describe(
  'Stored encrypted and never shown again; empty or "***" keeps the stored one',
);
const ApiKeys = z
  .array(KeyText)
  .max(MAX_FURTHER_KEYS)
  .nullish()
  .describe(
    'Further keys, used in turn with `api_key`. Replaces the stored list; "***" keeps the stored key of the same place',
  );

const Milliseconds = z.int().min(1).max(LIMITS.modelCall).optional();

const SettingsBag = z.looseObject({
  embedding: z
    .looseObject({
      enabled: z.boolean().optional(),
      model: ModelName.optional(),
      api_base: z.string().optional(),
      dimensions: z
        .literal([0, EMBEDDING_DIMENSIONS])
        .optional()
        .describe(`Size of the vectors: ${EMBEDDING_DIMENSIONS}, or 0 for the model's own`),
    })
    .optional(),
  reasoning_defaults: z.looseObject({ effort: z.string().optional(), fallback: z.string().optional() }).optional(),
  codex_pool: z
    .looseObject({ strategy: z.string().optional(), extra_provider_names: z.array(z.string()).max(20).optional() })
    .optional(),
  timeouts: z
    .looseObject({ first_token_ms: Milliseconds, idle_ms: Milliseconds, call_ms: Milliseconds })
    .optional()
    .describe("How long its models may take, in milliseconds, at most a day; absent: as `models` of the configuration"),
  thought_marks: z
    .enum(["reasoning", "text"])
    .optional()
    .describe("What marks such as `<think>` at the beginning of an answer enclose; absent: reasoning"),
  project_id: z.string().optional().describe("vertex: the Google Cloud project"),
  region: z.string().optional().describe("vertex: its region"),
});
const Settings = withinBytes(SettingsBag, LIMITS.metadataBytes).nullish();
export type ProviderSettings = NonNullable<z.infer<typeof Settings>>;

/** A configured provider of language models. */
export const Provider = z
  .object({
    id: z.guid(),
    tenant_id: z.guid(),
    name: z.string(),
    display_name: z.string().optional(),
    provider_type: z.string(),
    type: z.string().describe("The same as `provider_type`"),
    api_base: z.string().optional(),
    api_key: z.literal("***").optional().describe("Present when a key is stored"),
    api_keys: z.array(z.literal("***")).optional().describe("One mask for each further key"),
    enabled: z.boolean(),
    settings: z.record(z.string(), z.unknown()).optional(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "Provider" });
export type Provider = z.infer<typeof Provider>;

export const ProviderPath = z.object({ id: z.string().describe("The provider's id") });

export const CreateProviderInput = z
  .object({
    name: Name,
    provider_type: Type,
    display_name: DisplayName,
    api_base: ApiBase,
    api_key: ApiKey,
    api_keys: ApiKeys,
    enabled: z.boolean().default(true),
    settings: Settings,
    upsert: z
      .union([z.boolean(), z.enum(["true", "false", "1", "0"])])
      .optional()
      .describe("Also as a query parameter: replaces a provider of the same name instead of refusing"),
  })
  .meta({ id: "CreateProviderInput" });
export type CreateProviderInput = z.infer<typeof CreateProviderInput>;

export const UpdateProviderInput = z
  .object({
    id: z.string().describe("The provider's id"),
    name: Name.optional(),
    provider_type: Type.optional(),
    display_name: DisplayName,
    api_base: ApiBase,
    api_key: ApiKey,
    api_keys: ApiKeys,
    enabled: z.boolean().optional(),
    settings: Settings.describe("Replaces the stored settings as a whole"),
  })
  .meta({ id: "UpdateProviderInput" });
export type UpdateProviderInput = z.infer<typeof UpdateProviderInput>;

export const ProviderModels = z
  .object({
    models: z
      .array(
        z.object({
          id: z.string(),
          name: z.string().optional(),
          reasoning: z.boolean().optional().describe("Whether it reasons, where the provider says so"),
        }),
      )
      .describe("Empty when the provider cannot be asked"),
    reasoning_defaults: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "ProviderModels" });
export type ProviderModels = z.infer<typeof ProviderModels>;

export const VerifyProviderInput = z
  .object({
    id: z.string().describe("The provider's id"),
    model: ModelName.min(1).optional().describe("The first that the provider lists when left out"),
  })
  .meta({ id: "VerifyProviderInput" });
export type VerifyProviderInput = z.infer<typeof VerifyProviderInput>;

/** The result of a trial call. The request succeeds even if the provider does not work. */
export const ProviderVerdict = z
  .object({
    valid: z.boolean(),
    key_number: z.int().optional().describe("Which of several keys failed, from 1; the first is `api_key`"),
    error: z.string().optional().describe("Why it does not work, in the caller's language"),
    provider_message: z.string().optional().describe("What the provider said, without credentials"),
  })
  .meta({ id: "ProviderVerdict" });
export type ProviderVerdict = z.infer<typeof ProviderVerdict>;

export const VerifyEmbeddingInput = z
  .object({
    id: z.string().describe("The provider's id"),
    model: ModelName.min(1).optional().describe("That of `settings.embedding` when left out"),
    dimensions: z
      .int()
      .min(0)
      .max(65_536)
      .optional()
      .describe("The wanted size of the vectors; 0 leaves it to the model"),
  })
  .meta({ id: "VerifyEmbeddingInput" });
export type VerifyEmbeddingInput = z.infer<typeof VerifyEmbeddingInput>;

export const EmbeddingVerdict = ProviderVerdict.extend({
  dimensions: z.int().optional().describe("The size of the vectors that came back"),
}).meta({ id: "EmbeddingVerdict" });
export type EmbeddingVerdict = z.infer<typeof EmbeddingVerdict>;

export const ProviderTrouble = z
  .object({
    provider: z.string().describe("The name of the provider"),
    model: z.string().optional().describe("Absent where all models of the provider are avoided"),
    state: z
      .enum(["cooling_down", "paused", "blocked"])
      .describe(
        "`cooling_down`: skipped while there is another; `paused`: the provider asked for it; `blocked`: it failed too often",
      ),
    for_ms: z.int().describe("For how long yet, in milliseconds"),
    kind: z.string().optional().describe("The kind of failure, where it is known"),
  })
  .meta({ id: "ProviderTrouble" });
export type ProviderTrouble = z.infer<typeof ProviderTrouble>;
