import { setTimeout as sleep } from "node:timers/promises";
import { SECOND } from "#base/clock.ts";
import { ClosingClient } from "#db/dialects/postgres/closing-client.ts";
import { NOTICES, type NoticeListener } from "#db/notices.ts";

/** How long the end of the connection may take, in milliseconds. */
const CLOSE_MS = SECOND;
/** The pause before the first attempt to connect again, and the longest one, in milliseconds. */
const PAUSE_MS = { first: SECOND, longest: 30 * SECOND };

export interface NoticeOptions extends NoticeListener {
  /** The address of a session of its own. A pooler in transaction mode delivers no notices. */
  readonly url: string;
  /** Called once for each time without a connection. */
  readonly onError: (error: Error) => void;
}

/** Listens on a connection of its own, and connects again whenever it is lost. Returns a function that ends it. */
export function listenForNotices(options: NoticeOptions): () => Promise<void> {
  const listening = new Listening(options);
  return () => listening.close();
}

class Listening {
  readonly #options: NoticeOptions;
  #client: ClosingClient | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hasListened = false;
  /** The pause before the next attempt. Undefined while the connection listens. */
  #pause: number | undefined;
  #isClosed = false;

  constructor(options: NoticeOptions) {
    this.#options = options;
    void this.#connect();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    // A server that is gone never answers the goodbye.
    await Promise.race([this.#client?.end(), sleep(CLOSE_MS, undefined, { ref: false })]);
  }

  async #connect(): Promise<void> {
    const { url, onNotice, onGap } = this.#options;
    const client = new ClosingClient({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 2 * SECOND });
    this.#client = client;
    client.on("notification", ({ payload }) => onNotice(payload ?? ""));
    client.on("error", (error) => this.#connectLater(client, error));
    client.on("end", () => this.#connectLater(client, new Error("the connection for notices has ended")));
    try {
      await client.connect();
      await client.query(`listen ${NOTICES}`);
      if (this.#hasListened) onGap();
      this.#hasListened = true;
      this.#pause = undefined;
    } catch (thrown) {
      this.#connectLater(client, thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  #connectLater(lost: ClosingClient, error: Error): void {
    // A lost connection may report several errors.
    if (this.#isClosed || this.#client !== lost) return;
    this.#client = undefined;
    lost.end().catch(() => {});
    if (this.#pause === undefined) this.#options.onError(error);
    const pause = this.#pause ?? PAUSE_MS.first;
    this.#pause = Math.min(2 * pause, PAUSE_MS.longest);
    this.#timer = setTimeout(() => void this.#connect(), pause).unref();
  }
}
