import { type ProviderType, providerTypeFacts } from "#models/provider-types.ts";

/** The address that a provider's paths are appended to, without a slash; undefined when it is needed and missing. */
export function toBaseUrl(type: ProviderType, apiBase: string | undefined): string | undefined {
  const { wire, defaultBase } = providerTypeFacts(type);
  const base = (apiBase || defaultBase)?.replace(/\/+$/, "");
  switch (wire) {
    case "openai":
      return base?.replace(/\/chat\/completions$/, "");
    case "google":
      // The same server under the path where it speaks the OpenAI format.
      return base?.replace(/\/openai$/, "");
    default:
      return base;
  }
}

/** Why a provider without a base cannot be called: what its configuration lacks. */
export const missingBase = (type: ProviderType): string =>
  `its configuration is incomplete, it needs ${type === "vertex" ? "settings.project_id and settings.region, or " : ""}an api_base`;
