/** How often those who wait are looked at, in milliseconds. */
const LOOK_MS = 200;
/** How long a query may be without an answer before the server is asked about it, in milliseconds. */
const UNANSWERED_MS = 400;
/** How long a query on which the server works is left alone, in milliseconds. */
const WORKING_MS = 2_000;

/** A query without an answer yet, or a caller that waits for a connection. */
export interface Waiting {
  /** The server's process behind the connection. Undefined if there is no connection yet. */
  readonly processId: number | undefined;
  /** Ends the wait with a failure. */
  readonly giveUp: () => void;
}

/**
 * What a new connection tells about the server. `working` are the processes that work on a query. It is undefined if
 * the server can be reached but does not tell, for example behind a pooler.
 */
export type ProbeAnswer = { readonly isSilent: true } | { readonly isSilent: false; readonly working?: Set<number> };

export interface SilenceWatchOptions {
  /** Asks the server over a new connection. Resolves soon, whatever the server does. */
  readonly probe: () => Promise<ProbeAnswer>;
  /** Called when the server has become silent. */
  readonly onSilence: () => void;
  /** Called when the server knows nothing of a query. */
  readonly onLoss: () => void;
}

/**
 * Tells a silent server from a slow one. A network that swallows packets reports nothing, so a query on it would wait
 * for its longest limit. If a query stays without an answer, a new connection asks the server about it. Those who wait
 * for a silent server, or on a connection of which the server knows nothing, fail at once.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  /** When each is looked at next. */
  readonly #waiting = new Map<Waiting, number>();
  #isSilent = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  /** True from the first sign of silence until the server answers again. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  begin(waiting: Waiting): void {
    this.#waiting.set(waiting, performance.now() + UNANSWERED_MS);
    this.#schedule();
  }

  end(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => void this.#look(), LOOK_MS).unref();
  }

  async #look(): Promise<void> {
    const now = performance.now();
    const unanswered = [...this.#waiting].flatMap(([waiting, lookAt]) => (lookAt <= now ? [waiting] : []));
    if (unanswered.length > 0 || this.#isSilent) await this.#examine(unanswered);
    this.#timer = undefined;
    if (this.#waiting.size > 0 || this.#isSilent) this.#schedule();
  }

  async #examine(unanswered: readonly Waiting[]): Promise<void> {
    const answer = await this.#options.probe();
    if (answer.isSilent) {
      for (const waiting of this.#waiting.keys()) waiting.giveUp();
      if (!this.#isSilent) this.#options.onSilence();
      this.#isSilent = true;
      return;
    }
    this.#isSilent = false;
    for (const waiting of unanswered) {
      if (!this.#waiting.has(waiting)) continue;
      const { processId } = waiting;
      if (processId === undefined || answer.working?.has(processId) !== false) {
        this.#waiting.set(waiting, performance.now() + WORKING_MS);
        continue;
      }
      waiting.giveUp();
      this.#options.onLoss();
    }
  }
}
