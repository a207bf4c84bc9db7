import { MINUTE, SECOND } from "#base/clock.ts";
import type { Logger } from "#base/logger.ts";
import type { Channel } from "#channels/channel.ts";
import { ChannelError } from "#channels/channel-error.ts";
import type { InstanceStore, Report, ServedInstance } from "#channels/supervisor/instance-store.ts";

export interface ServiceDependencies {
  readonly store: InstanceStore;
  readonly logger: Pick<Logger, "warn">;
  /** Between 0 and 1. Spreads the retries of many instances. */
  readonly random: () => number;
}

/** The first and the longest pause before a failed platform is tried again. */
const FIRST_PAUSE = 1 * SECOND;
const LONGEST_PAUSE = 1 * MINUTE;

/** Serves one instance until it is stopped: connects, listens, reports, and tries again with growing pauses. */
export class InstanceService {
  readonly instance: ServedInstance;
  readonly #dependencies: ServiceDependencies;
  readonly #stopping = new AbortController();
  readonly #work: Promise<void>;
  #failures = 0;
  #channel: Channel | undefined;
  #reported: Report | undefined;

  constructor(instance: ServedInstance, dependencies: ServiceDependencies) {
    this.instance = instance;
    this.#dependencies = dependencies;
    this.#work = this.#run();
  }

  /** Resolves when the service has let go of the platform. `last` is what it reports at its end. */
  async stop(last?: Report): Promise<void> {
    this.#stopping.abort();
    await this.#work;
    if (last) await this.#report(last);
  }

  /** Removes what the service left on the platform. Call it after `stop`. */
  async leave(): Promise<void> {
    await this.#channel?.leave?.().catch((error: unknown) => {
      this.#dependencies.logger.warn({ error, instance: this.instance.id }, "a channel could not be left");
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    await this.#report({ state: "starting", reason: "", detail: "" });
    while (!signal.aborted) {
      try {
        this.#channel = this.instance.open();
        await this.#serve(this.#channel, signal);
      } catch (thrown) {
        if (signal.aborted) return;
        await this.#handleFailure(thrown, signal);
      }
    }
  }

  async #serve(channel: Channel, signal: AbortSignal): Promise<void> {
    const { name } = await channel.check(signal);
    if (signal.aborted) return;
    await this.#report({ state: "healthy", reason: "", detail: name });
    if (!channel.listen) {
      this.#failures = 0;
      return untilAborted(signal);
    }
    const onAlive = () => {
      this.#failures = 0;
    };
    await channel.listen({ receive: this.instance.receive, onAlive, signal });
  }

  async #handleFailure(thrown: unknown, signal: AbortSignal): Promise<void> {
    const isKnown = thrown instanceof ChannelError;
    if (!isKnown) this.#dependencies.logger.warn({ error: thrown, instance: this.instance.id }, "a channel failed");
    const reason = isKnown ? thrown.kind : "internal";
    const detail = isKnown ? thrown.message : "the gateway could not work on the channel; its log tells more";
    if (isKnown && thrown.isFinal) {
      await this.#report({ state: "failed", reason, detail });
      return untilAborted(signal);
    }
    await this.#report({ state: "degraded", reason, detail });
    const growing =
      Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures) * (0.5 + this.#dependencies.random() / 2);
    this.#failures++;
    const wanted = isKnown ? (thrown.options.retryAfterMs ?? 0) : 0;
    await pause(Math.max(growing, wanted), signal);
  }

  /** A report that cannot be stored keeps nobody from the platform. */
  async #report(report: Report): Promise<void> {
    const { state, reason, detail } = this.#reported ?? {};
    if (report.state === state && report.reason === reason && report.detail === detail) return;
    this.#reported = report;
    await this.#dependencies.store.report(this.instance.id, report).catch((error: unknown) => {
      this.#reported = undefined;
      this.#dependencies.logger.warn({ error }, "the state of a channel could not be stored");
    });
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Resolves after a time, or when the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const end = () => resolve();
  signal.addEventListener("abort", end, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  });
}
