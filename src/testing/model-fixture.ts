import { afterAll, beforeAll } from "bun:test";
import { createEgress, type Egress, type EgressSender } from "#base/egress/create-egress.ts";
import { Secret } from "#base/secret.ts";
import { createLanguageModel } from "#models/create-language-model.ts";
import type { LanguageModel, ModelEvent, ModelRequest } from "#models/language-model.ts";
import { PROVIDER_TYPES, type ProviderType, type ProviderWire, providerTypeFacts } from "#models/provider-types.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";

/** The wire formats in which models are called. */
export const WIRES = [
  { wire: "openai", providerType: "openai_compat" },
  { wire: "anthropic", providerType: "anthropic_native" },
  { wire: "google", providerType: "gemini_native" },
] as const;

export type ModelWire = (typeof WIRES)[number]["wire"];
const isModelWire = (wire: ProviderWire): wire is ModelWire => WIRES.some((known) => known.wire === wire);

/** All provider types that are called over the network. */
export const RUNNABLE_TYPES = Object.keys(PROVIDER_TYPES)
  .map((name) => name as ProviderType)
  .map((providerType) => ({ providerType, wire: providerTypeFacts(providerType).wire }))
  .filter((type): type is { providerType: ProviderType; wire: ModelWire } => isModelWire(type.wire));

/** Starts a scripted model server for the tests of one file. Returns access to it and to models behind it. */
export function useModelServer() {
  let server: ModelServer;
  let egress: Egress;
  beforeAll(async () => {
    server = await startModelServer();
    egress = createEgress({ allowHosts: new Set([`127.0.0.1:${server.port}`]), allowPrivateProviderUrls: false });
  });
  afterAll(async () => {
    egress.close();
    await server.stop();
  });
  const atServer = (address: string | URL): string => {
    const { pathname, search } = new URL(address);
    return `${server.url}${pathname}${search}`;
  };
  const toServer: EgressSender = {
    fetch: (input, init) => egress.for("provider").fetch(atServer(input instanceof Request ? input.url : input), init),
    send: (url, request) => egress.for("provider").send(atServer(url), request),
  };
  return {
    get server() {
      return server;
    },
    get egress() {
      return egress;
    },
    /** The body of the latest request. */
    lastBody: () => server.requests.at(-1)?.body,
    aModel: (providerType: ProviderType, apiBase = `${server.url}/v1/`, apiKey = "sk-test") =>
      createLanguageModel({
        providerType,
        apiBase,
        apiKey: new Secret(apiKey),
        egress: egress.for("provider"),
      }),
    /** Creates a model behind a public address. The scripted server answers its calls. */
    aModelAt: (apiBase: string, providerType: ProviderType = "openai_compat") =>
      createLanguageModel({ providerType, apiBase, apiKey: new Secret("sk-test"), egress: toServer }),
    /** Sends every request to the scripted server, whatever its address. */
    toServer,
  };
}

/** Creates a request that says hello. */
export const aRequest = (overrides: Partial<ModelRequest> = {}): ModelRequest => ({
  model: "test-model",
  messages: [{ role: "user", parts: [{ type: "text", text: "hello" }] }],
  tools: [],
  settings: {},
  ...overrides,
});

/** Makes one call and returns all its events. */
export async function collect(model: LanguageModel, request = aRequest(), signal = new AbortController().signal) {
  const events: ModelEvent[] = [];
  for await (const event of model.stream(request, signal)) events.push(event);
  return events;
}

/** Returns the events of one type. */
export const ofType = <Type extends ModelEvent["type"]>(events: readonly ModelEvent[], type: Type) =>
  events.filter((event): event is Extract<ModelEvent, { type: Type }> => event.type === type);

/** Returns the joined text of a call. */
export const textOf = (events: readonly ModelEvent[]) =>
  ofType(events, "text")
    .map(({ text }) => text)
    .join("");
