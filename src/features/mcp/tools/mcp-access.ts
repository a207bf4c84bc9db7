import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { SecretBox } from "#base/secret-box.ts";
import { SYSTEM_USER } from "#core/access/authenticate.ts";
import type { EventBus } from "#core/events/events.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { McpServersTable } from "#db/mcp-tables.ts";
import { accessEvents, connectionEvents, credentialsChanged } from "#features/mcp/events.ts";
import type { McpSettings } from "#features/mcp/mcp-settings.ts";
import { type OpenCredentials, openCredentials } from "#features/mcp/seal-credentials.ts";
import { serverCredentialRow } from "#features/mcp/servers/repository.ts";
import { toTarget } from "#features/mcp/servers/to-target.ts";
import type { AccessServer } from "#features/mcp/tools/access-server.ts";
import { type GrantedServer, toGrantedServers, type UserRules } from "#features/mcp/tools/granted-server.ts";
import { type AgentGrant, readAgentGrants, readUserRules } from "#features/mcp/tools/read-access.ts";
import { withUserCredentials } from "#features/mcp/tools/with-user-credentials.ts";
import { tenantDeleted } from "#features/tenants/index.ts";
import { type ConnectionPool, McpError, type PooledServer } from "#mcp/index.ts";

export interface McpAccessDependencies {
  readonly events: EventBus;
  readonly secretBox: SecretBox;
  readonly settings: McpSettings;
  readonly pool: ConnectionPool;
}

const MAX_KNOWN = 10_000;

/**
 * Knows which tools of which servers an agent may use for a user, and opens the connections. Answers from memory until
 * an event says that something changed.
 */
export class McpAccess {
  readonly #dependencies: McpAccessDependencies;
  readonly #agents = new Remembered<{ readonly grants: readonly AgentGrant[] }>(CACHE);
  readonly #users = new Remembered<UserRules>(CACHE);

  constructor(dependencies: McpAccessDependencies) {
    this.#dependencies = dependencies;
    const { events, pool } = dependencies;
    events.subscribe([...accessEvents, tenantDeleted], {
      receive: ({ tenantId }) => this.#forget((key) => key.startsWith(`${tenantId}:`)),
      onMissed: () => this.#forget(() => true),
    });
    events.subscribe(connectionEvents, {
      receive: ({ type, tenantId, entityId, payload }) => {
        const user = type === credentialsChanged.type && "user_id" in payload ? payload.user_id : undefined;
        void pool.retire(
          (key) =>
            key.tenantId === tenantId && key.serverId === entityId && (user === undefined || key.userId === user),
        );
      },
    });
    events.subscribe([tenantDeleted], {
      receive: ({ entityId }) => void pool.retire((key) => key.tenantId === entityId),
    });
  }

  /** Returns the servers that an agent may use for a user, by name. Without a user, only the agent's grants count. */
  async findServers(db: TenantDatabase, agentId: string, userId: string): Promise<readonly GrantedServer[]> {
    const { tenantId } = db;
    const { grants } = await this.#agents.get(`${tenantId}:${agentId}`, async () => ({
      grants: await readAgentGrants(db.read, agentId),
    }));
    if (grants.length === 0) return NO_SERVERS;
    if (userId === "" || userId === SYSTEM_USER) return toGrantedServers(grants, undefined);
    const rules = await this.#users.get(`${tenantId}:${userId}`, () => readUserRules(db.read, userId));
    return toGrantedServers(grants, rules);
  }

  /** Returns the server with its own credentials, or with those of the user in `granted`. */
  connect({ row, tenantId, id, revision, ...server }: AccessServer, own?: GrantedServer["credentials"]): PooledServer {
    const { pool, secretBox, settings } = this.#dependencies;
    const key = { tenantId, serverId: id, userId: own?.user_id ?? "" };
    return pool.serverOf(key, `${revision} ${own?.updated_at ?? ""}`, () =>
      toTarget({ ...server, id, tenantId }, openAll(row, own, secretBox), settings),
    );
  }

  #forget(matches: (key: string) => boolean): void {
    this.#agents.forget(matches);
    this.#users.forget(matches);
  }
}

/** Throws `McpError` if a key of the gateway is missing, so that only this server is out of use. */
function openAll(row: McpServersTable, own: GrantedServer["credentials"], secretBox: SecretBox): OpenCredentials {
  try {
    const shared = openCredentials(row, serverCredentialRow(row), secretBox);
    return own ? withUserCredentials(shared, own, secretBox) : shared;
  } catch (cause) {
    throw new McpError("unreachable", "the stored credentials cannot be decrypted", { cause });
  }
}

const CACHE = { max: MAX_KNOWN, ttl: LIMITS.keyCacheTime };
const NO_SERVERS: readonly GrantedServer[] = [];

export const mcpAccess = defineService<McpAccess>("mcp-access");
