import type { Egress } from "#base/egress/create-egress.ts";
import { failedPrecondition } from "#base/errors.ts";
import type { SecretBox } from "#base/secret-box.ts";
import type { LlmProvidersTable } from "#db/tables.ts";
import { apiKeyPlace } from "#features/providers/repository.ts";
import type { LanguageModelOptions } from "#models/create-language-model.ts";
import { PROVIDER_TYPES, type ProviderType, providerTypeFacts } from "#models/provider-types.ts";

export interface AccessDependencies {
  readonly secretBox: SecretBox;
  readonly egress: Egress;
}

/** How the API behind a row is reached. Throws FAILED_PRECONDITION for a type that cannot be run from here. */
export function toProviderAccess(
  row: LlmProvidersTable,
  { secretBox, egress }: AccessDependencies,
): LanguageModelOptions {
  const { provider_type: type } = row;
  if (!isRunnable(type)) throw failedPrecondition("error.provider_unsupported", { type }, "provider_unsupported");
  return {
    providerType: type,
    apiBase: toDialledBase(type, row.api_base),
    apiKey: secretBox.open(row.api_key, apiKeyPlace(row)),
    egressFetch: egress.for("provider").fetch,
  };
}

// A later release may have stored a type that this one does not know.
const isRunnable = (type: string): type is ProviderType =>
  type in PROVIDER_TYPES && providerTypeFacts(type as ProviderType).wire !== "none";

/** Ollama serves the OpenAI format below `/v1`, which its users leave out. */
function toDialledBase(type: ProviderType, apiBase: string): string {
  if (type !== "ollama" || apiBase === "") return apiBase;
  return `${apiBase.replace(/(\/v1)?\/*$/, "")}/v1`;
}
