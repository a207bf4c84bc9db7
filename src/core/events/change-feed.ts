import { MINUTE, SECOND } from "#base/clock.ts";
import type { Logger } from "#base/logger.ts";
import type { AnyEvent } from "#core/events/events.ts";
import type { LocalEventBus } from "#core/events/local-event-bus.ts";
import type { Database, SystemDatabase } from "#db/database.ts";
import { databaseTime } from "#db/database-time.ts";
import { fromJson } from "#db/values.ts";

export interface ChangeFeedOptions {
  readonly database: Pick<Database, "listen">;
  readonly system: SystemDatabase;
  readonly events: LocalEventBus;
  /** The name of this process, which skips its own changes. */
  readonly node: string;
  readonly logger: Pick<Logger, "warn">;
}

/** How often the feed reads without a notice, in milliseconds. A pooler may deliver no notices. */
const POLL_MS = SECOND;
/**
 * The age of the rows that each read covers, in milliseconds. A row has the time at which its transaction began, and is
 * seen when that commits.
 */
const WINDOW_MS = MINUTE;
/** A longer time between two reads, in milliseconds, may have lost rows. */
const GAP_MS = 20 * SECOND;
/** With more recent rows than this, forgetting everything is cheaper than reading them. */
const MAX_ROWS = 500;

/**
 * Publishes what other nodes on the same Postgres changed, within a second. After a time in which changes may have been
 * missed, it makes every subscriber forget what it knows. Does nothing on SQLite, which has one process.
 */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  #seen: ReadonlySet<string> = new Set();
  #readAt = performance.now();
  #reading: Promise<void> | undefined;
  #mustReadAgain = false;
  #hasFailed = false;
  #timer: NodeJS.Timeout | undefined;
  #endListening: (() => Promise<void>) | undefined;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { database, system, events, node } = this.#options;
    if (system.dialect === "sqlite") return;
    // Nothing is cached yet, so what happened before is of no interest.
    this.#seen = new Set((await this.#readRecent()).map(({ id }) => id));
    this.#readAt = performance.now();
    this.#endListening = database.listen({
      onNotice: (sender) => {
        if (sender !== node) this.#wake();
      },
      onGap: () => events.missAll(),
    });
    this.#timer = setInterval(() => this.#wake(), POLL_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#endListening?.();
    await this.#reading;
  }

  /** Reads at once. A wake during a read makes one more follow, because the first may have begun too early. */
  #wake(): void {
    if (this.#reading) {
      this.#mustReadAgain = true;
      return;
    }
    this.#reading = this.#read()
      .then(
        () => {
          this.#hasFailed = false;
        },
        (error: unknown) => this.#report(error),
      )
      .finally(() => {
        this.#reading = undefined;
        if (!this.#mustReadAgain) return;
        this.#mustReadAgain = false;
        this.#wake();
      });
  }

  /** Reports the first of several failures. */
  #report(error: unknown): void {
    if (!this.#hasFailed) this.#options.logger.warn({ error }, "the changes of other gateways cannot be read");
    this.#hasFailed = true;
  }

  async #read(): Promise<void> {
    const { events } = this.#options;
    const rows = await this.#readRecent();
    const now = performance.now();
    const fresh = rows.filter(({ id }) => !this.#seen.has(id));
    const hasGap = now - this.#readAt > GAP_MS || (rows.length === MAX_ROWS && fresh.length > 0);
    this.#seen = new Set(rows.map(({ id }) => id));
    this.#readAt = now;
    if (hasGap) events.missAll();
    else for (const { event } of fresh.toReversed()) events.deliver(fromJson<AnyEvent>(event));
  }

  /** Returns the recent changes of other nodes, newest first. */
  #readRecent() {
    const { system, node } = this.#options;
    return system.read
      .selectFrom("domain_events")
      .select(["id", "event"])
      .where("created_at", ">", databaseTime(system.dialect, -WINDOW_MS))
      .where("node", "<>", node)
      .orderBy("created_at", "desc")
      .limit(MAX_ROWS)
      .execute();
  }
}
