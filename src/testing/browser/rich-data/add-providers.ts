import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";

interface ProviderFields {
  readonly provider_type: string;
  readonly display_name: string;
  readonly enabled?: boolean;
  readonly api_keys?: readonly string[];
}

/** All of them are the scripted model server, each at a path of its own. */
const PROVIDERS: Readonly<Record<string, ProviderFields>> = {
  anthropic: { provider_type: "anthropic_native", display_name: "Anthropic" },
  openai: { provider_type: "openai_compat", display_name: "OpenAI", api_keys: ["sk-rich-second", "sk-rich-third"] },
  google: { provider_type: "gemini_native", display_name: "Google Gemini" },
  deepseek: { provider_type: "deepseek", display_name: "深度求索 DeepSeek" },
  mistral: { provider_type: "mistral", display_name: "Mistral (EU)" },
  openrouter: { provider_type: "openrouter", display_name: "OpenRouter", enabled: false },
};

/** The models that each provider lists. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
  anthropic: ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"],
  openai: ["gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-luna"],
  google: ["gemini-3.1-pro", "gemini-3-flash"],
  deepseek: ["deepseek-v4-pro", "deepseek-v4-flash"],
  mistral: ["mistral-medium-3-5", "mistral-large-2512"],
  openrouter: ["anthropic/claude-opus-5-5", "openai/gpt-6.1-sol"],
};

/** Adds providers of all wires. Returns their ids by name. */
export async function addProviders({ send, gateway }: RichMaker): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = {};
  for (const [name, fields] of Object.entries(PROVIDERS)) {
    const api_base = `${gateway.model.url}/${name}/v1`;
    ids[name] = (await send("POST", "/v1/providers", { name, api_base, api_key: `sk-rich-${name}`, ...fields })).id;
    gateway.model.route(`/${name}/v1/models`, () => ({ body: toModelList(name, MODELS[name] ?? []) }));
  }
  return ids;
}

const toModelList = (provider: string, models: readonly string[]): object =>
  provider === "google"
    ? { models: models.map((id) => ({ name: `models/${id}`, supportedGenerationMethods: ["generateContent"] })) }
    : { object: "list", data: models.map((id) => ({ id, object: "model", created: 0, owned_by: provider })) };
