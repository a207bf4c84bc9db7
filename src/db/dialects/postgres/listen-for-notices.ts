import { SECOND } from "#base/clock.ts";
import { ClosingClient } from "#db/dialects/postgres/closing-client.ts";
import { NOTICES, type NoticeListener } from "#db/notices.ts";

const RECONNECT_MS = SECOND;

export interface NoticeOptions extends NoticeListener {
  /** The address of a session of its own. A pooler in transaction mode delivers no notices. */
  readonly url: string;
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
  #isClosed = false;

  constructor(options: NoticeOptions) {
    this.#options = options;
    void this.#connect();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#client?.end();
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
    } catch (thrown) {
      this.#connectLater(client, thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  #connectLater(lost: ClosingClient, error: Error): void {
    // A lost connection may report several errors.
    if (this.#isClosed || this.#client !== lost) return;
    this.#client = undefined;
    lost.end().catch(() => {});
    this.#options.onError(error);
    this.#timer = setTimeout(() => void this.#connect(), RECONNECT_MS).unref();
  }
}
