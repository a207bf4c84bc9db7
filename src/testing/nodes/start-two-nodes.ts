import { randomHex } from "#base/random-hex.ts";
import { createAgent } from "#testing/create-agent.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";
import {
  createSecondSite,
  createServerSite,
  type ServerProcess,
  type ServerSite,
  startReadyServer,
} from "#testing/server-process.ts";

/** One of two gateway processes on one Postgres. */
export interface Node {
  readonly site: ServerSite;
  readonly process: ServerProcess;
  /** Sends a request with the gateway token, as the user `ada`. Options replace its headers. */
  call(method: string, path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export interface TwoNodes {
  readonly model: ModelServer;
  readonly first: Node;
  readonly second: Node;
  stop(): Promise<void>;
}

/** The key of the agent with the scripted model. */
export const NODES_AGENT = "shared";

/** Starts two gateway processes on one Postgres, with an agent whose model is a scripted server. */
export async function startTwoNodes(
  env: Readonly<Record<string, string>> = {},
  allowHosts: readonly string[] = [],
): Promise<TwoNodes> {
  const model = await startModelServer();
  const token = randomHex(32);
  const site = await createServerSite("postgres", {
    GOCLAW_EGRESS_ALLOW_HOSTS: [`127.0.0.1:${model.port}`, ...allowHosts].join(","),
    GOCLAW_ENCRYPTION_KEY: randomHex(32),
    GOCLAW_GATEWAY_TOKEN: token,
    ...env,
  });
  const first = await startNode(site, token);
  const second = await startNode(await createSecondSite(site), token);
  await createAgent({ url: site.url, token }, { modelUrl: model.url, agent: NODES_AGENT });
  return {
    model,
    first,
    second,
    async stop() {
      await stopNode(second);
      await stopNode(first);
      await model.stop();
    },
  };
}

async function startNode(site: ServerSite, token: string): Promise<Node> {
  return {
    site,
    process: await startReadyServer(site),
    call: (method, path, body, headers = {}) =>
      fetch(site.url + path, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          "Content-Type": "application/json",
          "X-GoClaw-User-Id": "ada",
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
        keepalive: false,
      }),
  };
}

async function stopNode({ site, process }: Node): Promise<void> {
  process.signal("SIGKILL");
  await process.exited;
  await site.remove();
}
