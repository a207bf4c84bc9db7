import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { ChatGateway } from "#testing/chat-fixture.ts";
import type { Answer } from "#testing/test-gateway.ts";

/** Starts a server that no request may reach. Counts the connections to it. */
export async function startForbiddenServer() {
  const state = { hits: 0 };
  const server = createServer((_, response) => response.end("secret"));
  server.on("connection", () => state.hits++);
  return { ...(await listen(server)), state };
}

/** Starts a server behind a host name that the operator allows. */
export async function anAllowedSite(answer: RequestListener) {
  const { port, stop } = await listen(createServer(answer));
  return { port, host: `allowed.test:${port}`, url: `http://allowed.test:${port}/`, stop };
}

async function listen(server: ReturnType<typeof createServer>) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port, stop };
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  "private.test": ["10.0.0.5"],
  "loopback.test": ["127.0.0.1"],
  "mixed.test": ["8.8.8.8", "127.0.0.1"],
  "mapped.test": ["::ffff:127.0.0.1"],
  "metadata.test": ["169.254.169.254"],
  "public.test": ["8.8.8.8"],
  "allowed.test": ["127.0.0.1"],
  "allowed.test.evil.test": ["127.0.0.1"],
  "evil-allowed.test": ["127.0.0.1"],
  "sub.allowed.test": ["127.0.0.1"],
  "allowed.test.": ["127.0.0.1"],
};

/**
 * Creates the tests' name service, which records the names it was asked for. `<anything>.flips.test` alternates between
 * a public and a private address, starting with the public one.
 */
export function createNames(privateAddress = "127.0.0.1") {
  const asked: string[] = [];
  const resolve = async (hostname: string): Promise<readonly string[]> => {
    const before = asked.filter((name) => name === hostname).length;
    asked.push(hostname);
    if (hostname.endsWith(".flips.test")) return [before % 2 === 0 ? "8.8.8.8" : privateAddress];
    return NAMES[hostname] ?? [];
  };
  return { resolve, asked };
}

/** The answer to a caller or a model. */
export interface Refusal {
  readonly isRefused: boolean;
  readonly words: string;
  /** The whole answer, without the parts that differ between requests. */
  readonly whole: unknown;
}

/** A place where an outsider can give a URL that the gateway calls. */
export interface Sink {
  readonly name: string;
  readonly send: (gateway: ChatGateway, url: string) => Promise<Refusal>;
}

/** The settings of the tests' providers, except name and base. */
export const OPENAI = { provider_type: "openai_compat", api_key: "sk-test" };

/** All sinks whose answer shows immediately that the URL is refused. */
export const SINKS: readonly Sink[] = [
  {
    name: "the base of a new provider",
    send: async ({ call }, api_base) =>
      toRefusal(await call("POST", "/v1/providers", { ...OPENAI, name: "new", api_base })),
  },
  {
    name: "the base of a provider that is changed",
    send: async ({ call }, api_base) => {
      const { providers } = (await call("GET", "/v1/providers")).body;
      return toRefusal(await call("PUT", `/v1/providers/${providers[0].id}`, { api_base }));
    },
  },
  {
    name: "a provider's base for embeddings",
    send: async ({ call }, api_base) => {
      const settings = { embedding: { enabled: true, api_base } };
      return toRefusal(await call("POST", "/v1/providers", { ...OPENAI, name: "new", settings }));
    },
  },
  {
    name: "the base of a new MCP server",
    send: async ({ call }, url) =>
      toRefusal(await call("POST", "/v1/mcp/servers", { name: "new", transport: "streamable-http", url })),
  },
  {
    name: "the base of an MCP server that is tried",
    send: async ({ call }, url) => toRefusal(await call("POST", "/v1/mcp/servers/test", { transport: "sse", url })),
  },
  {
    name: "an image in a chat",
    send: async ({ call }, url) => {
      const content = [{ type: "image_url", image_url: { url } }];
      const body = { model: "goclaw:openai", messages: [{ role: "user", content }] };
      return toRefusal(await call("POST", "/v1/chat/completions", body));
    },
  },
  {
    name: "a page that an agent fetches",
    send: (gateway, url) => callTool(gateway, "web_fetch", { url }),
  },
];

function toRefusal({ status, body }: Answer): Refusal {
  const { request_id, ...error } = body.error ?? {};
  return { isRefused: status === 400, words: error.message ?? "no refusal", whole: { status, error } };
}

/** Lets an agent's model call one tool. Returns the tool result that the model receives. */
export async function callTool(gateway: ChatGateway, name: string, input: object): Promise<Refusal> {
  gateway.model.script(({ toolResults }) =>
    toolResults.length > 0 ? { text: "done" } : { toolCalls: [{ name, arguments: input }] },
  );
  const { body } = await gateway.call("POST", "/v1/agents/openai/wake", { message: "go" });
  const results = (await gateway.eventsOf(body.run_id)).filter(({ type }) => type === "tool.result");
  const { isError, text } = results.at(-1) ?? {};
  return { isRefused: isError === true, words: text ?? "no result", whole: { isError, text } };
}
