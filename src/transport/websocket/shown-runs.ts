import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { type Dialect, runFeed } from "#core/live/run-feed.ts";
import type { Outbox } from "#transport/websocket/outbox.ts";

/** A run whose events a connection receives. */
interface ShownRun {
  readonly stop: AbortController;
  readonly isOver: Promise<void>;
}

/**
 * The runs that one connection follows. Each is read as fast as its client reads, so a slow client costs no memory. Text
 * that it has not read yet is joined to one piece.
 */
export class ShownRuns {
  readonly #outbox: Outbox;
  readonly #runs = new Map<string, ShownRun>();

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** Sends the events of a run after a cursor. Resolves after the last one. Does nothing for a run that is shown. */
  show(ctx: Context, runId: string, after: string, dialect: Dialect): Promise<void> {
    const shown = this.#runs.get(runId);
    if (shown) return shown.isOver;
    if (this.#runs.size >= LIMITS.socketRuns) throw tooManyShown();
    const stop = new AbortController();
    const isOver = this.#send(ctx, { runId, after, dialect, signal: stop.signal }).finally(() => {
      if (this.#runs.get(runId)?.stop === stop) this.#runs.delete(runId);
    });
    this.#runs.set(runId, { stop, isOver });
    return isOver;
  }

  /** The same for a run that nobody asked for. Such a run is left out where too many are shown. */
  async showUnasked(ctx: Context, runId: string, after: string, dialect: Dialect): Promise<void> {
    if (this.#runs.size < LIMITS.socketRuns) await this.show(ctx, runId, after, dialect);
  }

  /** Resolves when the last event of a run has been sent. Returns undefined for a run that is not shown. */
  endOf(runId: string): Promise<void> | undefined {
    return this.#runs.get(runId)?.isOver;
  }

  hide(runId: string): void {
    this.#runs.get(runId)?.stop.abort();
    this.#runs.delete(runId);
  }

  hideAll(): void {
    for (const runId of [...this.#runs.keys()]) this.hide(runId);
  }

  async #send(
    ctx: Context,
    options: {
      readonly runId: string;
      readonly after: string;
      readonly dialect: Dialect;
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    try {
      for await (const { event, payload } of ctx.use(runFeed).follow(ctx, options)) {
        if (options.signal.aborted) return;
        this.#outbox.sendEvent(event, payload);
        if (this.#outbox.isBehind) await this.#outbox.ready();
      }
    } catch (thrown) {
      // The run was deleted, or this process stops. The client hears of both by themselves.
      if (!options.signal.aborted && !(thrown instanceof AppError)) {
        ctx.logger.error({ error: thrown, runId: options.runId }, "a run could not be shown");
      }
    }
  }
}

export const tooManyShown = () =>
  new AppError(
    "RESOURCE_EXHAUSTED",
    "error.too_many_shown_runs",
    { max: LIMITS.socketRuns },
    { reason: "too_many_runs", retryAfterMs: 0 },
  );
