import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { EventBus } from "#core/events/events.ts";
import type { SystemDatabase } from "#db/database.ts";
import type { WorkerPool } from "#runtime/engine/worker-pool.ts";
import type { LiveRuns } from "#runtime/live/index.ts";
import {
  adoptOrphans,
  expireEarlierLeases,
  findReadyRuns,
  releaseLeases,
  renewLeases,
  runCancelRequested,
} from "#runtime/runs/index.ts";

export interface LeaseKeeperOptions {
  readonly system: SystemDatabase;
  /** `<node id>:<boot id>`, the owner of this process's leases. */
  readonly owner: string;
  readonly events: EventBus;
  readonly logger: Logger;
  readonly live: LiveRuns;
  readonly pool: WorkerPool;
  /** Lets go of a run that this process no longer owns. */
  readonly drop: (runId: string, reason: string) => void;
}

/** How often a process looks for runs whose session another one passed on, in milliseconds. */
const READY_MS = SECOND;

/**
 * Renews the leases of this process, and takes over runs of processes that died or left. Stops runs that another node
 * was asked to cancel. The event bus brings the news at once, and the renewal of leases if an event was lost.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  /** Runs taken over from another process, until they end here. They may wait long for a worker. */
  readonly #adopted = new Set<string>();
  #timers: readonly NodeJS.Timeout[] = [];

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    options.events.subscribe([runCancelRequested], {
      receive: ({ entityId, payload }) => this.#hearOfCancel(entityId, payload.reason),
    });
  }

  /** Takes over the runs that an earlier process left, and goes on so at an interval. */
  async start(): Promise<void> {
    await expireEarlierLeases(this.#options.system, this.#options.owner);
    await this.#adopt();
    const warn = (error: unknown) => this.#options.logger.warn({ error }, "leases could not be renewed");
    this.#timers = [
      setInterval(() => void this.#adopt().catch(warn), LIMITS.leaseRenewal),
      setInterval(() => void this.#beginReady().catch(warn), READY_MS),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Lets other processes take the open runs of this one at once. */
  async release(): Promise<void> {
    const { system, owner, logger } = this.#options;
    const warn = (error: unknown) => logger.warn({ error }, "leases could not be released, so they have to run out");
    await releaseLeases(system, owner).catch(warn);
  }

  hasAdopted(runId: string): boolean {
    return this.#adopted.has(runId);
  }

  forget(runId: string): void {
    this.#adopted.delete(runId);
  }

  async #adopt(): Promise<void> {
    const { system, owner, logger, live, pool } = this.#options;
    // After a pause of this process or its database, its own leases may have expired. Its runs must not look like
    // orphans.
    await this.#renew();
    if (pool.isFull) return;
    for (const { tenantId, runId, isReady, lastSeq } of await adoptOrphans(system, owner)) {
      logger.info({ runId, tenantId }, "took over a run");
      live.open(runId, lastSeq);
      this.#adopted.add(runId);
      if (isReady) pool.schedule({ tenantId, runId, isRecovery: true });
    }
    await this.#beginReady();
  }

  /** Begins the runs whose session another process passed on to them. Asks the database only if a run waits here. */
  async #beginReady(): Promise<void> {
    const { system, owner, live, pool } = this.#options;
    if (live.all.every(({ runId }) => pool.isWorkingOn(runId))) return;
    for (const run of await findReadyRuns(system, owner)) pool.schedule({ ...run, isRecovery: false });
  }

  /** Renews the runs in memory only, so other processes can take a released run when its lease expires. */
  async #renew(): Promise<void> {
    const { system, owner, live, drop } = this.#options;
    const mine = live.all.map(({ runId }) => runId);
    const held = new Map((await renewLeases(system, owner, mine)).map((run) => [run.id, run]));
    for (const runId of mine) {
      const run = held.get(runId);
      if (!run) drop(runId, "another process has it");
      else if (run.cancel_reason !== null) this.#cancel(runId, run.cancel_reason);
    }
  }

  /** Stops a run that another node was asked to cancel. One that waited for its session has ended there. */
  async #hearOfCancel(runId: string, reason: string): Promise<void> {
    const { live, pool } = this.#options;
    this.#cancel(runId, reason);
    if (live.find(runId) && !pool.isWorkingOn(runId)) await this.#renew();
  }

  #cancel(runId: string, reason: string): void {
    this.#options.live.find(runId)?.stop({ kind: "cancelled", reason });
  }
}
