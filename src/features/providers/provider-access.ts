import type { Egress } from "#base/egress/create-egress.ts";
import type { EgressPurpose } from "#base/egress/egress-policy.ts";
import { failedPrecondition } from "#base/errors.ts";
import type { Secret } from "#base/secret.ts";
import type { SecretBox } from "#base/secret-box.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import { fromJson } from "#db/values.ts";
import { isOllamaBase, toOllamaBase } from "#features/providers/ollama-base.ts";
import { openApiKeys } from "#features/providers/repository.ts";
import type { ProviderSettings } from "#features/providers/schema.ts";
import type { LanguageModelOptions } from "#models/create-language-model.ts";
import { PROVIDER_TYPES, type ProviderType, providerTypeFacts } from "#models/provider-types.ts";
import { toBaseUrl } from "#models/to-base-url.ts";

export interface AccessDependencies {
  readonly secretBox: SecretBox;
  readonly egress: Egress;
}

export interface ProviderAccess extends LanguageModelOptions {
  /** The further keys of the provider. */
  readonly otherKeys: readonly Secret[];
}

/** Returns how to reach the API of a provider. Throws `FAILED_PRECONDITION` for a type that this gateway cannot run. */
export function toProviderAccess(row: LlmProvidersTable, { secretBox, egress }: AccessDependencies): ProviderAccess {
  const { provider_type: type } = row;
  if (!isRunnable(type)) throw failedPrecondition("error.provider_unsupported", { type }, "provider_unsupported");
  const [apiKey, ...otherKeys] = openApiKeys(row, secretBox);
  return {
    providerType: type,
    apiBase: toCompleteBase(type, row),
    apiKey,
    otherKeys,
    egress: egress.for(providerPurpose(type)),
  };
}

// A later release may have stored a type that this one does not know.
const isRunnable = (type: string): type is ProviderType =>
  Object.hasOwn(PROVIDER_TYPES, type) && providerTypeFacts(type as ProviderType).wire !== "none";

/** Returns the egress purpose of a provider's calls. Only type "ollama" may call an Ollama on this machine. */
export const providerPurpose = (type: ProviderType): EgressPurpose =>
  type === "ollama" ? "local-provider" : "provider";

/** Returns the base URL of a provider's calls, or undefined if it is unknown. */
export const providerBase = (type: ProviderType, row: LlmProvidersTable): string | undefined =>
  toBaseUrl(type, toCompleteBase(type, row));

/** Returns the complete base URL for embeddings. Users may leave out `/v1` for a local Ollama. */
export const toEmbeddingBase = (type: ProviderType, base: string): string =>
  type === "ollama" && isOllamaBase(base) ? toOllamaBase(base) : base;

/** Returns the complete base URL. Adds `/v1` for Ollama and derives it from the settings for Vertex. */
function toCompleteBase(type: ProviderType, { api_base, settings }: LlmProvidersTable): string {
  if (type === "ollama" && api_base !== "") return toOllamaBase(api_base);
  return type === "vertex" && api_base === "" ? toVertexBase(fromJson<ProviderSettings>(settings)) : api_base;
}

const GOOGLE_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * See https://cloud.google.com/vertex-ai/generative-ai/docs/start/openai. Returns "" if project or region is invalid.
 */
function toVertexBase({ project_id = "", region = "" }: ProviderSettings): string {
  if (!GOOGLE_NAME.test(project_id) || !GOOGLE_NAME.test(region)) return "";
  const host = region === "global" ? "aiplatform.googleapis.com" : `${region}-aiplatform.googleapis.com`;
  return `https://${host}/v1/projects/${project_id}/locations/${region}/endpoints/openapi`;
}
