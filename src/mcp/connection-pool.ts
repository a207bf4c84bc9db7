import { elapsedOf } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { defineService } from "#core/service.ts";
import { McpError } from "#mcp/mcp-error.ts";
import type { McpTarget } from "#mcp/mcp-target.ts";
import { type PoolDependencies, PooledServer } from "#mcp/pooled-server.ts";
import { ConnectionStates, type OnStateChange, type ServerState } from "#mcp/states/connection-states.ts";

/** A server with the credentials that it is called with. */
export interface PoolKey {
  readonly tenantId: TenantId;
  readonly serverId: string;
  /** The user whose own credentials are used, or "" for the server's. */
  readonly userId: string;
}

export interface ConnectionPoolDependencies extends PoolDependencies {
  /** Hears of each change to what `stateOf` returns, until the pool is closed. */
  readonly onStateChange: OnStateChange;
}

interface Entry {
  readonly key: PoolKey;
  readonly revision: string;
  readonly server: PooledServer;
}

/**
 * The connections of this process to MCP servers, one for each server and set of credentials. Nothing is connected
 * before its first use. Connections without calls are closed after `LIMITS.mcpIdle`.
 */
export class ConnectionPool {
  readonly #dependencies: ConnectionPoolDependencies;
  readonly #entries = new Map<string, Entry>();
  readonly #states: ConnectionStates;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(dependencies: ConnectionPoolDependencies) {
    this.#dependencies = dependencies;
    this.#states = new ConnectionStates(dependencies.clock, (server, state) => {
      if (!this.#isClosed) dependencies.onStateChange(server, state);
    });
  }

  /** Returns what this process knows of a server. Nothing is connected. */
  stateOf(server: Pick<PoolKey, "tenantId" | "serverId">): ServerState {
    return this.#states.of(server);
  }

  /**
   * Returns the server of a key. `revision` changes with the target, and another one closes the earlier connection.
   * `toTarget` is asked only for a new revision.
   */
  serverOf(key: PoolKey, revision: string, toTarget: () => McpTarget): PooledServer {
    const id = idOf(key);
    const known = this.#entries.get(id);
    if (known?.revision === revision) return known.server;
    if (this.#isClosed) throw new McpError("closed", "the gateway is shutting down");
    if (known) void this.#retire(known);
    else this.#makeRoom(key.tenantId);
    const server = new PooledServer(toTarget(), key.tenantId, this.#dependencies, (state, about) =>
      this.#states.report(key, state, about),
    );
    this.#entries.set(id, { key, revision, server });
    this.#timer ??= setInterval(() => this.#sweep(), LIMITS.mcpHealthCheck).unref();
    return server;
  }

  /** Connects to a server for a trial. Its connection is closed afterwards. */
  async try<Result>(
    tenantId: TenantId,
    target: McpTarget,
    use: (server: PooledServer) => Promise<Result>,
  ): Promise<Result> {
    const server = new PooledServer(target, tenantId, this.#dependencies, () => undefined);
    try {
      return await use(server);
    } finally {
      await server.retire();
    }
  }

  /** Closes the connections whose key matches. Calls under way fail. */
  async retire(matches: (key: PoolKey) => boolean): Promise<void> {
    const entries = [...this.#entries.values()].filter(({ key }) => matches(key));
    await Promise.all(entries.map((entry) => this.#retire(entry)));
  }

  /** Closes all connections, and ends all processes of servers. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.retire(() => true);
  }

  /** Throws `McpError` if all places of the tenant, or of the gateway, are taken by servers in use. */
  #makeRoom(tenantId: TenantId): void {
    const all = [...this.#entries.values()];
    const own = all.filter(({ key }) => key.tenantId === tenantId);
    if (own.length >= LIMITS.mcpConnectionsPerTenant) this.#evict(own);
    else if (all.length >= LIMITS.mcpConnections) this.#evict(all);
  }

  #evict(entries: readonly Entry[]): void {
    const now = elapsedOf(this.#dependencies.clock);
    const [oldest] = entries.toSorted((a, b) => a.server.usedAt - b.server.usedAt);
    if (!oldest || oldest.server.usedAt >= now) throw new McpError("resting", "too many MCP servers are in use");
    void this.#retire(oldest);
  }

  #retire({ key, server }: Entry): Promise<void> {
    this.#entries.delete(idOf(key));
    const retired = server.retire();
    this.#states.forget(key);
    return retired;
  }

  #sweep(): void {
    const idleSince = elapsedOf(this.#dependencies.clock) - LIMITS.mcpIdle;
    for (const { server } of this.#entries.values()) {
      if (!server.isConnected) continue;
      void (server.usedAt < idleSince ? server.disconnect() : server.check());
    }
  }
}

const idOf = ({ tenantId, serverId, userId }: PoolKey): string => JSON.stringify([tenantId, serverId, userId]);

export const mcpConnections = defineService<ConnectionPool>("mcp-connections");
