import {
  PROVIDER_TYPES,
  type ProviderType,
  type ProviderTypeFacts,
  providerTypeFacts,
} from "#models/provider-types.ts";
import { FIREWORKS, GOOGLE_OPENAI, KIMI, OPENAI, TOGETHER } from "#models/quirks/provider-quirks.ts";
import type { Quirks } from "#models/quirks/quirks.ts";

/** Quirks of providers without a type of their own, by host name. Subdomains match too. */
const HOSTS: Readonly<Record<string, Quirks>> = {
  "api.openai.com": OPENAI,
  "openai.azure.com": OPENAI,
  "api.together.xyz": TOGETHER,
  "api.together.ai": TOGETHER,
  "api.fireworks.ai": FIREWORKS,
  "generativelanguage.googleapis.com": GOOGLE_OPENAI,
  "aiplatform.googleapis.com": GOOGLE_OPENAI,
  "api.moonshot.ai": KIMI,
  "api.moonshot.cn": KIMI,
};

/**
 * Returns the quirks of a configured server. Type `openai_compat` gets the quirks of the provider that its host belongs
 * to.
 */
export function resolveQuirks(type: ProviderType, baseUrl: string): Quirks {
  const own = providerTypeFacts(type).quirks ?? {};
  if (type !== "openai_compat" || !URL.canParse(baseUrl)) return own;
  const { hostname } = new URL(baseUrl);
  const host = Object.keys(HOSTS).find((name) => hostname === name || hostname.endsWith(`.${name}`));
  if (host !== undefined) return HOSTS[host] ?? own;
  return findTypeByHost(hostname)?.quirks ?? own;
}

function findTypeByHost(hostname: string): ProviderTypeFacts | undefined {
  const all: readonly ProviderTypeFacts[] = Object.values(PROVIDER_TYPES);
  // Only `https:` bases count. Ollama's default base is localhost, where any server may run.
  const remote = all.filter(({ wire, defaultBase }) => wire === "openai" && defaultBase?.startsWith("https:"));
  return remote.find(({ defaultBase }) => new URL(defaultBase ?? "").hostname === hostname);
}
