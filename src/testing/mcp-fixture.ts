import { createEgress } from "#base/egress/create-egress.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import { ConnectionPool, type McpTarget, type PooledServer } from "#mcp/index.ts";
import { createLocalProcesses, type LocalProcesses } from "#testing/mcp/local-processes.ts";
import { type McpScript, type McpServer, startMcpServer } from "#testing/mcp/start-mcp-server.ts";

export interface TestPool {
  readonly pool: ConnectionPool;
  readonly processes: LocalProcesses;
  /** Moves the clock of the pool. */
  advance(milliseconds: number): void;
  /** Returns the pooled server of an HTTP address. */
  at(url: string, transport?: "sse" | "streamable-http", headers?: Readonly<Record<string, string>>): PooledServer;
  /** Returns the pooled server of a process. */
  of(command: string, args: readonly string[], directory: string): PooledServer;
}

/** Creates a pool of connections that may reach any local address. */
export function createTestPool(): TestPool {
  const egress = createEgress({ allowHosts: new Set(), allowPrivateProviderUrls: true });
  const processes = createLocalProcesses();
  let ahead = 0;
  const pool = new ConnectionPool({
    fetch: egress.for("provider").fetch,
    processes,
    clock: { now: () => new Date(Date.now() + ahead) },
    version: "1",
    random: () => 0,
    onStateChange: () => undefined,
  });
  const serverOf = (target: McpTarget): PooledServer => {
    const serverId = target.transport === "stdio" ? [target.command, ...target.args].join(" ") : target.url;
    return pool.serverOf({ tenantId: MASTER_TENANT_ID, serverId, userId: "" }, "1", () => target);
  };
  return {
    pool,
    processes,
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
    at: (url, transport = "streamable-http", headers = {}) =>
      serverOf({
        transport,
        url,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, new Secret(value)])),
      }),
    of: (command, args, directory) => serverOf({ transport: "stdio", command, args, environment: {}, directory }),
  };
}

/** Starts scripted servers, each with its place in a pool. `stopAll` stops those that are open. */
export function createScriptedServers(at: TestPool["at"]) {
  const open: McpServer[] = [];
  return {
    start: (script: McpScript = {}) => {
      const server = startMcpServer(script);
      open.push(server);
      return { server, pooled: at(server.url) };
    },
    stopAll: async (): Promise<void> => {
      for (const server of open.splice(0)) await server.stop();
    },
  };
}

/** Makes a call that may not be repeated, and returns what the server answered. */
export const callOnce = (
  server: PooledServer,
  name: string,
  input: Readonly<Record<string, unknown>> = {},
  timeoutMs = 10_000,
) => server.call({ name, input, signal: new AbortController().signal, timeoutMs, isRepeatable: false });
