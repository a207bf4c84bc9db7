import { type Clock, SECOND } from "#base/clock.ts";
import type { Logger } from "#base/logger.ts";
import type { ChatTarget } from "#channels/index.ts";
import { AnswerDraft } from "#features/channels/live/answer-draft.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";
import type { RunEngine } from "#runtime/engine/index.ts";
import { isTerminal, START } from "#runtime/runs/index.ts";

/** Platforms show that somebody is typing for about five seconds. */
const TYPING_MS = 4 * SECOND;
/** Runs that are shown at the same time. Further ones work without that. */
const MAX_SHOWN = 200;

export interface PresenceDependencies {
  readonly clock: Clock;
  readonly engine: () => RunEngine;
  readonly logger: Pick<Logger, "debug">;
}

/** Shows chats that their agent is at work. It is a courtesy: nothing waits for it, and a failure ends it. */
export class RunPresence {
  readonly #dependencies: PresenceDependencies;
  readonly #shown = new Map<string, AbortController>();

  constructor(dependencies: PresenceDependencies) {
    this.#dependencies = dependencies;
  }

  follow(account: ChannelAccount, runId: string, target: ChatTarget): void {
    if (this.#shown.size >= MAX_SHOWN || !canShow(account)) return;
    const { clock, logger } = this.#dependencies;
    const ending = new AbortController();
    this.#shown.set(runId, ending);
    const draft = wantsDraft(account, target) ? new AnswerDraft({ account, runId, target, clock }) : undefined;
    const work = [
      this.#type(account, target, ending),
      this.#untilEnd(account, runId, draft, ending),
      draft?.grow(ending.signal, (milliseconds) => pause(milliseconds, ending.signal)),
    ];
    void Promise.allSettled(work).then((results) => {
      this.#shown.delete(runId);
      for (const result of results)
        if (result.status === "rejected") logger.debug({ error: result.reason, runId }, "a run could not be shown");
    });
  }

  stop(): void {
    for (const ending of this.#shown.values()) ending.abort();
  }

  async #type(account: ChannelAccount, target: ChatTarget, ending: AbortController): Promise<void> {
    while (!ending.signal.aborted) {
      await account.open().showTyping?.(target);
      await pause(TYPING_MS, ending.signal);
    }
  }

  async #untilEnd(
    { db }: ChannelAccount,
    runId: string,
    draft: AnswerDraft | undefined,
    ending: AbortController,
  ): Promise<void> {
    try {
      for await (const { event } of this.#dependencies.engine().follow(db, runId, START, ending.signal)) {
        draft?.take(event);
        if (isTerminal(event)) return;
      }
    } finally {
      ending.abort();
    }
  }
}

const wantsDraft = ({ config }: ChannelAccount, { kind }: ChatTarget): boolean =>
  kind === "group" ? config.group_stream : config.dm_stream;

function canShow(account: ChannelAccount): boolean {
  try {
    return account.open().showTyping !== undefined;
  } catch {
    // The supervisor reports why the instance cannot be opened.
    return false;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
