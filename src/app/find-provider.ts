import type { Environment } from "#app/config/read-environment.ts";
import type { Egress } from "#base/egress/create-egress.ts";
import { Secret } from "#base/secret.ts";
import type { ProviderType } from "#models/provider-types.ts";

/** A model provider that a new gateway can start with. */
export interface FoundProvider {
  readonly name: string;
  readonly displayName: string;
  readonly type: ProviderType;
  /** Empty means the default address of the type. */
  readonly apiBase: string;
  readonly apiKey: Secret;
  /** The model of the default agent. */
  readonly model: string;
}

interface KnownProvider extends Omit<FoundProvider, "apiKey"> {
  readonly variable: string;
}

const KNOWN: readonly KnownProvider[] = [
  {
    variable: "ANTHROPIC_API_KEY",
    name: "anthropic",
    displayName: "Anthropic",
    type: "anthropic_native",
    apiBase: "",
    model: "claude-sonnet-4-5",
  },
  {
    variable: "OPENAI_API_KEY",
    name: "openai",
    displayName: "OpenAI",
    type: "openai_compat",
    apiBase: "",
    model: "gpt-5-mini",
  },
  {
    variable: "GEMINI_API_KEY",
    name: "gemini",
    displayName: "Google Gemini",
    type: "gemini_native",
    apiBase: "",
    model: "gemini-2.5-flash",
  },
  {
    variable: "OPENROUTER_API_KEY",
    name: "openrouter",
    displayName: "OpenRouter",
    type: "openrouter",
    apiBase: "",
    model: "openrouter/auto",
  },
];

const DEMO: FoundProvider = {
  name: "demo",
  displayName: "Demo (offline)",
  type: "demo",
  apiBase: "",
  apiKey: new Secret(""),
  model: "demo",
};

const OLLAMA_BASE = "http://127.0.0.1:11434/v1";
/** The default addresses of a local Ollama. Providers of its type may dial them although they are on this machine. */
export const OLLAMA_BASES = [OLLAMA_BASE, "http://localhost:11434/v1", "http://[::1]:11434/v1"];
const OLLAMA_WAIT_MS = 300;

/** Returns the first provider whose key is in the environment, else an Ollama on this machine, else the demo model. */
export async function findProvider(env: Environment, egress: Egress): Promise<FoundProvider> {
  for (const { variable, ...provider } of KNOWN) {
    const key = env[variable]?.trim();
    if (key) return { ...provider, apiKey: new Secret(key) };
  }
  const model = await findOllamaModel(egress);
  if (model === undefined) return DEMO;
  const apiKey = new Secret("");
  return { name: "ollama", displayName: "Ollama", type: "ollama", apiBase: OLLAMA_BASE, apiKey, model };
}

async function findOllamaModel(egress: Egress): Promise<string | undefined> {
  const options = { maxBytes: 1_000_000, timeoutMs: OLLAMA_WAIT_MS, signal: new AbortController().signal };
  try {
    const { bytes } = await egress.for("local-provider").get(`${OLLAMA_BASE}/models`, options);
    const { data } = JSON.parse(new TextDecoder().decode(bytes)) as { data?: readonly { id?: unknown }[] };
    const [first] = data ?? [];
    return typeof first?.id === "string" ? first.id : undefined;
  } catch {
    // Most machines run no Ollama, so a failed connection is the usual case.
    return undefined;
  }
}
