import { type ProviderType, providerTypeFacts } from "#models/provider-types.ts";

/**
 * Returns the address to which a provider's paths are appended, without a trailing slash. Returns undefined if the type
 * needs an address and none is configured.
 */
export function toBaseUrl(type: ProviderType, apiBase: string | undefined): string | undefined {
  const { wire, defaultBase } = providerTypeFacts(type);
  const base = (apiBase || defaultBase)?.replace(/\/+$/, "");
  switch (wire) {
    case "openai":
      return base?.replace(/\/chat\/completions$/, "");
    case "google":
      // The configured base may be the path at which the same server speaks the OpenAI format.
      return base?.replace(/\/openai$/, "");
    default:
      return base;
  }
}

/** Returns the message for a provider whose base address is missing. */
export const missingBase = (type: ProviderType): string =>
  `its configuration is incomplete, it needs ${type === "vertex" ? "settings.project_id and settings.region, or " : ""}an api_base`;
