import { join } from "node:path";
import type { RunningConfig } from "#app/config/file/running-config.ts";
import type { Config } from "#app/config/schema.ts";
import type { Home } from "#app/home/home.ts";
import type { Clock } from "#base/clock.ts";
import { MASTER_TENANT_ID, type TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import { ChannelSupervisor, CONNECTORS } from "#channels/index.ts";
import { eventBus } from "#core/events/events.ts";
import { processName } from "#core/idempotency/idempotently.ts";
import { createJobQueue } from "#core/jobs/create-job-queue.ts";
import { egress, secretBox } from "#core/platform.ts";
import type { Services } from "#core/service.ts";
import { systemDatabase } from "#core/system-database.ts";
import type { Database } from "#db/database.ts";
import {
  accountEvents,
  type ChannelAccount,
  ChannelAccounts,
  channelAccounts,
  channelOutbox,
  channelReceive,
  channelSettings,
  createChatJobs,
  createInstanceStore,
  createStoreInbound,
  followConfiguration,
  Outbox,
  RunPresence,
  resumeInbound,
  runPresence,
} from "#features/channels/index.ts";
import { runEngine } from "#runtime/engine/index.ts";

export interface ChannelOptions {
  readonly config: Config;
  readonly running: RunningConfig;
  readonly home: Home;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly database: Database;
}

/** The accounts on chat platforms that this process serves. */
export interface LiveChannels {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Provides what the feature of channels needs. Returns its connections, which the gateway starts and stops. */
export function provideChannels(services: Services, options: ChannelOptions): LiveChannels {
  const { config, running, home, clock, logger, database } = options;
  const events = services.use(eventBus);
  const system = services.use(systemDatabase);
  const accounts = new ChannelAccounts({
    ...{ system, events, secretBox: services.use(secretBox), connectors: CONNECTORS },
    forTenant: (tenantId: TenantId) => database.forTenant(tenantId),
    connecting: {
      fetch: services.use(egress).for("web").fetch,
      clock,
      telegramApi: config.channels.telegram_api,
    },
  });
  const owner = services.use(processName);
  const limits = { atOnce: LIMITS.chatsAtOnce, perTenant: LIMITS.chatsPerTenant };
  const jobs = createJobQueue({ database, system, owner, clock, logger, limits });
  const outbox = new Outbox(jobs, clock);
  const receive = createStoreInbound({ jobs, clock });
  const presence = new RunPresence({ engine: () => services.use(runEngine), clock, logger });
  const resume = async (account: ChannelAccount) => {
    await Promise.all([resumeInbound(account, { jobs, clock }), outbox.resume(account)]);
  };
  const store = createInstanceStore({ accounts, system, owner, clock, receive, resume });
  const supervisor = new ChannelSupervisor({
    ...{ store, logger, random: Math.random },
    renewalMs: LIMITS.leaseRenewal,
    sweepMs: LIMITS.channelSweep,
  });
  const follow = () => void supervisor.reconcile();
  events.subscribe(accountEvents, { receive: follow, onMissed: follow });
  services
    .provide(channelAccounts, accounts)
    .provide(channelOutbox, outbox)
    .provide(channelReceive, receive)
    .provide(runPresence, presence)
    .provide(channelSettings, {
      limits: () => ({ maxMessageChars: running.live.gateway.max_message_chars, quota: running.live.gateway.quota }),
      workspaceOf: (tenantId, agentId, name) => join(home.workspace, tenantId, agentId, name),
    });
  return {
    async start() {
      await jobs.start(createChatJobs(services, clock));
      await followConfiguration({
        ...{ events, clock, logger, instances: config.channels.instances, secretBox: services.use(secretBox) },
        db: database.forTenant(MASTER_TENANT_ID),
      });
      await supervisor.start();
    },
    async stop() {
      presence.stop();
      await supervisor.stop();
      await jobs.stop();
    },
  };
}
