import type { TenantId } from "#base/ids.ts";
import { isUuid } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { SecretBox } from "#base/secret-box.ts";
import {
  type Channel,
  ChannelError,
  CommonConfig,
  type Connector,
  type ConnectorDependencies,
  findChannelType,
} from "#channels/index.ts";
import type { EventBus } from "#core/events/events.ts";
import { defineService } from "#core/service.ts";
import type { ChannelInstancesTable } from "#db/channels/channel-tables.ts";
import type { SystemDatabase, TenantDatabase } from "#db/database.ts";
import { fromBit, fromJson } from "#db/values.ts";
import { agentDeleted } from "#features/agents/index.ts";
import { instanceEvents } from "#features/channels/events.ts";
import { openCredentials } from "#features/channels/instances/seal-credentials.ts";
import { tenantEvents } from "#features/tenants/index.ts";

/** An instance in the form that the gateway works with. */
export interface ChannelAccount {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly agentId: string;
  readonly config: CommonConfig;
  readonly db: TenantDatabase;
  /** False if it is switched off, or its tenant is. */
  readonly isServed: boolean;
  /** Changes with everything that a connection depends on. */
  readonly version: string;
  /** Opens the account once. Throws `ChannelError` if that cannot work. */
  open(): Channel;
}

export interface AccountDependencies {
  readonly system: SystemDatabase;
  readonly forTenant: (tenantId: TenantId) => TenantDatabase;
  readonly secretBox: SecretBox;
  readonly events: EventBus;
  readonly connectors: Readonly<Record<string, Connector | undefined>>;
  readonly connecting: ConnectorDependencies;
}

const MAX_KNOWN = 10_000;

/** Finds instances of every tenant by their ids, and opens them. It answers from memory while nothing changes. */
export class ChannelAccounts {
  readonly #dependencies: AccountDependencies;
  readonly #known = new Remembered<ChannelAccount>({ max: MAX_KNOWN, ttl: LIMITS.keyCacheTime });

  constructor(dependencies: AccountDependencies) {
    this.#dependencies = dependencies;
    const forget = () => this.#known.forget();
    dependencies.events.subscribe(accountEvents, { receive: forget, onMissed: forget });
  }

  async find(id: string): Promise<ChannelAccount | undefined> {
    if (!isUuid(id)) return undefined;
    return this.#known.get(id.toLowerCase(), async () => {
      const row = await this.#rows().where("channel_instances.id", "=", id.toLowerCase()).executeTakeFirst();
      return row && this.#toAccount(row, row.tenant_status);
    });
  }

  /** Returns every instance that a process should serve. */
  async listServed(): Promise<readonly ChannelAccount[]> {
    const rows = await this.#rows()
      .where("channel_instances.enabled", "=", 1)
      .where("tenants.status", "=", "active")
      .orderBy("channel_instances.id")
      .execute();
    // These rows may be older than an event that emptied the cache, so they do not go into it.
    return rows.map((row) => this.#toAccount(row, row.tenant_status));
  }

  #rows() {
    return this.#dependencies.system.read
      .selectFrom("channel_instances")
      .innerJoin("tenants", "tenants.id", "channel_instances.tenant_id")
      .selectAll("channel_instances")
      .select("tenants.status as tenant_status");
  }

  #toAccount(row: ChannelInstancesTable, tenantStatus: string): ChannelAccount {
    const { forTenant, secretBox, connectors, connecting } = this.#dependencies;
    const { id, channel_type: type } = row;
    let channel: Channel | undefined;
    return {
      id,
      name: row.name,
      type,
      agentId: row.agent_id,
      config: toConfig(row),
      db: forTenant(row.tenant_id),
      isServed: fromBit(row.enabled) && tenantStatus === "active",
      version: [row.updated_at, row.channel_type, row.agent_id, row.name, row.config, row.credentials].join("\n"),
      open() {
        const connector = Object.hasOwn(connectors, type) ? connectors[type] : undefined;
        if (!connector) throw new ChannelError("unsupported", `the gateway has no connector for ${type} yet`);
        const credentials = openCredentials(row, secretBox);
        channel ??= connector({ instanceId: id, credentials, config: fromJson(row.config) }, connecting);
        return channel;
      },
    };
  }
}

/** The kinds of events after which an instance may be another. */
export const accountEvents = [...instanceEvents, ...tenantEvents, agentDeleted];

/** The settings were checked when they were stored. A later release may have stored others. */
function toConfig({ channel_type: type, config }: ChannelInstancesTable): CommonConfig {
  const stored = fromJson<unknown>(config) ?? {};
  const parsed = findChannelType(type)?.config.safeParse(stored);
  return parsed?.success ? parsed.data : CommonConfig.parse({ dm_policy: "disabled", group_policy: "disabled" });
}

export const channelAccounts = defineService<ChannelAccounts>("channel-accounts");
