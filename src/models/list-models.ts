import type { EgressSender } from "#base/egress/create-egress.ts";
import { LIMITS } from "#base/limits.ts";
import { createScrubber } from "#base/scrub-credentials.ts";
import type { Secret } from "#base/secret.ts";
import { type ProviderType, type ProviderWire, providerTypeFacts } from "#models/provider-types.ts";
import { requestJson } from "#models/request-json.ts";
import { toBaseUrl } from "#models/to-base-url.ts";

export interface ListModelsOptions {
  readonly providerType: ProviderType;
  /** If empty or absent, the type's default base is used. */
  readonly apiBase?: string | undefined;
  readonly apiKey: Secret;
  /** The egress sender for calls to providers. */
  readonly egress: EgressSender;
}

export interface ListedModel {
  readonly id: string;
  readonly name?: string;
  /** Whether the model reasons. Absent if the provider does not say. */
  readonly reasoning?: boolean;
}

/** Model lists for providers that have no endpoint for them. */
const CATALOGUES: Readonly<Partial<Record<ProviderType, readonly string[]>>> = {
  // https://docs.perplexity.ai/getting-started/models
  perplexity: ["sonar", "sonar-pro", "sonar-reasoning-pro", "sonar-deep-research"],
  // https://www.alibabacloud.com/help/en/model-studio/coding-plan
  bailian: ["qwen3.7-plus", "qwen3-max", "qwen3-coder-plus", "qwen3-coder-next"],
  // https://platform.minimax.io/docs/api-reference/text-openai-api
  minimax_native: [
    "MiniMax-M3",
    "MiniMax-M2.7",
    "MiniMax-M2.7-highspeed",
    "MiniMax-M2.5",
    "MiniMax-M2.1",
    "MiniMax-M2",
  ],
  demo: ["demo"],
};

/** Returns the models that a provider offers, or none if the provider cannot list them. Never throws. */
export async function listModels(options: ListModelsOptions, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const catalogue = CATALOGUES[options.providerType];
  if (catalogue !== undefined) return catalogue.map((id) => ({ id }));
  try {
    return (await requestModels(options, signal)) ?? [];
  } catch {
    // A provider that cannot list its models may still run them.
    return [];
  }
}

/**
 * Returns the models from the provider's own endpoint, or undefined if it has no such endpoint. Throws `ModelFailure`
 * and `EgressError`.
 */
export async function requestModels(
  { providerType, apiBase, apiKey, egress }: ListModelsOptions,
  signal: AbortSignal,
): Promise<readonly ListedModel[] | undefined> {
  const list = LISTS[providerTypeFacts(providerType).wire];
  const baseUrl = toBaseUrl(providerType, apiBase);
  if (list === undefined || baseUrl === undefined || Object.hasOwn(CATALOGUES, providerType)) return undefined;
  const headers = { ...list.headers, ...(!apiKey.isEmpty && list.keyHeader(apiKey.reveal())) };
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(LIMITS.modelListWait)]);
  const body = await requestJson({ url: `${baseUrl}${list.path}`, headers, egress }, inTime);
  return distinct(withoutKey(list.read(body), apiKey)).slice(0, LIMITS.listedModels);
}

interface ModelList {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly keyHeader: (key: string) => Readonly<Record<string, string>>;
  readonly read: (body: unknown) => readonly ListedModel[];
}

const LISTS: Readonly<Partial<Record<ProviderWire, ModelList>>> = {
  openai: {
    path: "/models",
    headers: {},
    keyHeader: (key) => ({ authorization: `Bearer ${key}` }),
    // Together answers with a list that has no envelope.
    read: (body) => itemsOf(Array.isArray(body) ? body : fieldOf(body, "data")).flatMap(fromOpenAi),
  },
  anthropic: {
    path: "/models?limit=1000",
    headers: { "anthropic-version": "2023-06-01" },
    keyHeader: (key) => ({ "x-api-key": key }),
    read: (body) => itemsOf(fieldOf(body, "data")).flatMap(fromOpenAi),
  },
  google: {
    path: "/models?pageSize=1000",
    headers: {},
    keyHeader: (key) => ({ "x-goog-api-key": key }),
    read: (body) => itemsOf(fieldOf(body, "models")).flatMap(fromGoogle),
  },
};

type Item = Readonly<Record<string, unknown>>;

/**
 * Converts an entry. `supported_parameters` comes from OpenRouter, `capabilities` from Mistral, `display_name` from
 * Anthropic.
 */
function fromOpenAi({ id, name, display_name, supported_parameters, capabilities }: Item): readonly ListedModel[] {
  if (typeof id !== "string" || id === "") return [];
  const shown = [display_name, name].find((text) => typeof text === "string" && text !== id);
  const reasoning = Array.isArray(supported_parameters)
    ? supported_parameters.includes("reasoning")
    : fieldOf(capabilities, "reasoning");
  return [toListed(id, shown, reasoning)];
}

function fromGoogle({ name, displayName, supportedGenerationMethods, thinking }: Item): readonly ListedModel[] {
  if (typeof name !== "string") return [];
  const canChat = !Array.isArray(supportedGenerationMethods) || supportedGenerationMethods.includes("generateContent");
  return canChat ? [toListed(name.replace(/^models\//, ""), displayName, thinking)] : [];
}

const toListed = (id: string, name: unknown, reasoning: unknown): ListedModel => ({
  id,
  ...(typeof name === "string" && { name }),
  ...(typeof reasoning === "boolean" && { reasoning }),
});

const fieldOf = (value: unknown, name: string): unknown =>
  value !== null && typeof value === "object" ? Reflect.get(value, name) : undefined;

const itemsOf = (value: unknown): readonly Item[] =>
  Array.isArray(value) ? value.filter((item) => item !== null && typeof item === "object") : [];

/** Leaves out entries that quote the key. */
function withoutKey(models: readonly ListedModel[], apiKey: Secret): readonly ListedModel[] {
  const scrubber = createScrubber({ usesPatterns: false, secrets: [apiKey] });
  return models.filter((model) => [model.id, model.name ?? ""].every((text) => scrubber.scrub(text, []) === text));
}

/** Keeps the first entry of each id. */
function distinct(models: readonly ListedModel[]): readonly ListedModel[] {
  const seen = new Set<string>();
  return models.filter(({ id }) => !seen.has(id) && seen.add(id));
}
