import OpenAI from "openai";
import { WIRES } from "#testing/model-fixture.ts";
import { type ModelServer, type RecordedRequest, startModelServer } from "#testing/model-server.ts";
import { startTestGateway, TEST_USER, type TestGateway, type TestGatewayOptions } from "#testing/test-gateway.ts";

/** The gateway's key for the model provider. It must never appear anywhere else. */
export const PROVIDER_KEY = "sk-planted-1f0d8c5b";

export type Wire = (typeof WIRES)[number]["wire"];

export interface ClientOptions {
  readonly bearer?: string;
  readonly user?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ChatGateway extends TestGateway {
  readonly model: ModelServer;
  /** An official OpenAI client without retries. */
  client(options?: ClientOptions): OpenAI;
  /** The body of the latest request to the model. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of several shapes
  lastBody(): any;
  /** The messages of the latest request to the model, without its system text. */
  lastTurns(): RecordedRequest["messages"];
  /** The system text of the latest request to the model, in any wire format. */
  lastSystem(): string;
  /** Waits for the end of a run and returns the run. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read any part of a run
  waitForEnd(runId: string): Promise<any>;
  /** Returns the events of a run so far. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read events of every type
  eventsOf(runId: string): Promise<readonly any[]>;
  /** Creates a new agent and returns its key. */
  anAgent(wire?: Wire, input?: object): Promise<string>;
}

/**
 * Returns the error that the client threw. `expect().rejects` cannot be used: the client's promises are thenables that
 * start only on `then`.
 */
export const refusalOf = (request: PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> =>
  Promise.resolve(
    request.then(
      () => {
        throw new Error("the request was not refused");
      },
      (thrown) => thrown,
    ),
  );

export interface ChatGatewayOptions extends TestGatewayOptions {
  /** By default, all wires. */
  readonly wires?: readonly Wire[];
}

/** Starts a gateway with one scripted model. It has a provider for each wire format, and an agent named after each. */
export async function startChatGateway(options: ChatGatewayOptions = {}): Promise<ChatGateway> {
  const model = await startModelServer();
  const allowHosts = [`127.0.0.1:${model.port}`, ...(options.allowHosts ?? [])];
  const gateway = await startTestGateway({ ...options, allowHosts });
  const create = async (path: string, body: object): Promise<void> => {
    const answer = await gateway.call("POST", path, body);
    if (answer.status !== 201) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
  };
  for (const { wire, providerType } of WIRES) {
    if (options.wires?.includes(wire) === false) continue;
    const provider = { name: wire, provider_type: providerType, api_base: `${model.url}/v1`, api_key: PROVIDER_KEY };
    await create("/v1/providers", provider);
    await create("/v1/agents", { agent_key: wire, provider: wire, model: "test-model" });
  }
  const lastBody = () => model.requests.at(-1)?.body;
  let agents = 0;

  return {
    ...gateway,
    model,
    client: ({ bearer = gateway.token, user = TEST_USER, headers = {} } = {}) =>
      new OpenAI({
        apiKey: bearer,
        baseURL: `${gateway.url}/v1`,
        maxRetries: 0,
        defaultHeaders: { ...(user !== null && { "X-GoClaw-User-Id": user }), ...headers },
      }),
    lastBody,
    lastTurns: () => (model.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== "system"),
    lastSystem: () => {
      const { system, systemInstruction, messages } = lastBody() ?? {};
      return JSON.stringify(system ?? systemInstruction ?? messages?.[0]?.content ?? "");
    },
    async waitForEnd(runId) {
      await gateway.call("GET", `/v1/runs/${runId}/events`);
      return (await gateway.call("GET", `/v1/runs/${runId}`)).body;
    },
    async eventsOf(runId) {
      const headers = { Accept: "application/json" };
      return (await gateway.call("GET", `/v1/runs/${runId}/events`, undefined, { headers })).body.events;
    },
    async anAgent(wire = "openai", input = {}) {
      const agent_key = `${wire}-${++agents}`;
      await create("/v1/agents", { agent_key, provider: wire, model: "test-model", ...input });
      return agent_key;
    },
    async stop() {
      await gateway.stop();
      await model.stop();
    },
  };
}
