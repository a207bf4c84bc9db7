import { mkdir } from "node:fs/promises";
import type { Transport } from "@modelcontextprotocol/client";
import type { EgressFetch } from "#base/egress/egress-fetch.ts";
import type { TenantId } from "#base/ids.ts";
import type { Secret } from "#base/secret.ts";
import { boundResponse } from "#mcp/bound-response.ts";
import type { McpError } from "#mcp/mcp-error.ts";
import type { HttpTarget, McpTarget, StdioTarget } from "#mcp/mcp-target.ts";
import { createReconnectionScheduler } from "#mcp/reconnection-scheduler.ts";
import { StdioTransport } from "#mcp/stdio-transport.ts";
import type { ProcessRunner } from "#processes/process-runner.ts";

export interface TransportDependencies {
  readonly fetch: EgressFetch;
  /** Starts the processes of `stdio` servers. */
  readonly processes: Pick<ProcessRunner, "start">;
}

type Sdk = typeof import("@modelcontextprotocol/client");

/** The SDK is loaded with the first connection, because it is large. */
export const loadSdk = (): Promise<Sdk> => import("@modelcontextprotocol/client");

export interface TransportOptions extends TransportDependencies {
  readonly sdk: Sdk;
  readonly tenantId: TenantId;
  /** Called when the server sends more than a message may hold. */
  readonly onBreach: (breach: McpError) => void;
}

/** Creates the transport to a server. Nothing is called or started before `start`. */
export function createTransport(target: McpTarget, options: TransportOptions): Transport {
  const { sdk, tenantId, processes } = options;
  if (target.transport === "stdio") return new StdioTransport(() => startServerProcess(target, tenantId, processes));
  const fetch = toServerFetch(target, options);
  const url = new URL(target.url);
  if (target.transport === "sse") return new sdk.SSEClientTransport(url, { fetch });
  return new sdk.StreamableHTTPClientTransport(url, { fetch, reconnectionScheduler: createReconnectionScheduler() });
}

/** The headers of the server are added here, so that the SDK never holds them. */
function toServerFetch({ headers: own }: HttpTarget, { fetch, onBreach }: TransportOptions): EgressFetch {
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(reveal(own))) headers.set(name, value);
    return boundResponse(await fetch(input, { ...init, headers }), onBreach);
  };
}

async function startServerProcess(
  { command, args, environment, directory }: StdioTarget,
  tenantId: TenantId,
  processes: TransportDependencies["processes"],
) {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return processes.start({
    argv: [command, ...args],
    directory,
    writable: directory,
    environment: reveal(environment),
    hasNetwork: true,
    tenantId,
  });
}

const reveal = (secrets: Readonly<Record<string, Secret>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]));
