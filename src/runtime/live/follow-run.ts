import { AppError, notFound } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { FaultRetry } from "#db/fault-retry.ts";
import type { LiveListener, LiveMessage, LiveRun } from "#runtime/live/live-run.ts";
import {
  type AnsweredBy,
  type Cursor,
  type FollowedEvent,
  formatCursor,
  isTerminal,
  type NumberedEvent,
  readEvents,
} from "#runtime/runs/index.ts";
import { reasoningOf, textOf } from "#runtime/transcript/index.ts";

/** The interval in milliseconds at which a run of another process is polled. */
const POLL_MS = 250;

export interface FollowOptions {
  readonly db: TenantDatabase;
  readonly runId: string;
  readonly after: Cursor;
  readonly findLive: (runId: string) => LiveRun | undefined;
  /** Lets the follower wait through faults of the database. */
  readonly faults: FaultRetry;
  /** One of these aborts when the follower disconnects or this process stops. */
  readonly signals: readonly AbortSignal[];
  /** False for a follower that receives each text as one delta, after the message is complete, and no progress. */
  readonly wantsText: boolean;
  /**
   * Called when reading begins. The returned function is called when reading stops. `hasEnded` is true if the run's end
   * was yielded.
   */
  readonly join?: (() => (hasEnded: boolean) => void) | undefined;
}

/**
 * Yields a run's events after a cursor, until its end: stored events, then the text in progress from its offset, then
 * new events. The reader pulls at its own pace. Text that arrives between two reads is joined to one delta. There are
 * no gaps and no duplicates, because each turn of the loop starts again from the reader's position. Throws NOT_FOUND if
 * the run is deleted before its end is yielded. If a signal aborts, it throws the signal's `AppError`, or UNAVAILABLE.
 */
export async function* followRun(options: FollowOptions): AsyncGenerator<FollowedEvent> {
  const { db, runId, after, faults, signals, wantsText } = options;
  const reader = new Reader(after);
  const watch = new Watch(options);
  const leaveRun = options.join?.();
  let hasEnded = false;
  try {
    for (;;) {
      throwRefusal(signals);
      const live = watch.look();
      const liveEvents = live?.eventsAfter(reader.position);
      const isLive = liveEvents !== undefined && (liveEvents.length > 0 || !live?.isOver);
      const { seq } = reader.position;
      const events = isLive
        ? liveEvents
        : await faults.run(() => readEvents(db.read, runId, seq, LIMITS.runEventsPage));
      for (const event of events) {
        hasEnded = isTerminal(event);
        for (const followed of reader.take(event)) yield followed;
        if (hasEnded) return;
      }
      if (events.length > 0) continue;

      const { current } = live ?? {};
      const delta = wantsText && current?.seq === reader.position.seq ? reader.takeDelta(current) : undefined;
      if (delta) {
        yield delta;
        continue;
      }
      const progress = wantsText && live ? reader.takeProgress(live) : undefined;
      if (progress) {
        yield progress;
        continue;
      }
      // The signals are checked last, so an end that came just before this process stops is still yielded.
      if (signals.some(({ aborted }) => aborted)) {
        throw new AppError("UNAVAILABLE", "error.shutting_down", {}, { reason: "draining" });
      }
      if (live && !live.isOver) await watch.sleep();
      else if (await faults.run(() => isOver(db, runId, seq))) return;
      else await watch.sleepAtMost(POLL_MS);
    }
  } finally {
    watch.end();
    leaveRun?.(hasEnded);
  }
}

/** Throws if a follower may not read on. */
function throwRefusal(signals: readonly AbortSignal[]): void {
  for (const { reason } of signals) if (reason instanceof AppError) throw reason;
}

/** Yields a run's events after a cursor that exist now. Does not wait for new ones. */
export async function* snapshotRun({
  db,
  runId,
  after,
  findLive,
}: Pick<FollowOptions, "db" | "runId" | "after" | "findLive">) {
  const reader = new Reader(after);
  const live = findLive(runId);
  const events = await readEvents(db.read, runId, after.seq, LIMITS.runEventsPage);
  for (const event of events) for (const followed of reader.take(event)) yield followed;
  const { current } = live ?? {};
  if (current?.seq !== reader.position.seq) return;
  for (let delta = reader.takeDelta(current); delta; delta = reader.takeDelta(current)) yield delta;
}

/** The position of one follower. Converts each event to what the follower receives, and moves the position. */
class Reader {
  #position: Cursor;
  #reasoningRead = 0;
  #progressOf: LiveRun | undefined;
  #reportsRead = 0;
  #messageId: string | undefined;
  /** True until the follower has received something, if it begins in the middle of a message. */
  #isInside: boolean;

  constructor(position: Cursor) {
    this.#position = position;
    this.#isInside = position.offset > 0;
  }

  get position(): Cursor {
    return this.#position;
  }

  take(event: NumberedEvent): readonly FollowedEvent[] {
    const rest = event.type === "message.completed" ? this.#takeRest(event) : [];
    this.#position = { seq: event.seq, offset: 0 };
    this.#reasoningRead = 0;
    this.#isInside = false;
    this.#messageId = event.type === "message.started" ? event.messageId : undefined;
    const followed = { event, cursor: formatCursor(this.#position) };
    return [...rest, followed];
  }

  /** Returns the text of a completed message that the follower has not received yet, and its reasoning before it. */
  #takeRest({ message: { id, parts }, answeredBy }: CompletedMessage): readonly FollowedEvent[] {
    const { offset } = this.#position;
    const reasoning = offset === 0 && this.#reasoningRead === 0 ? reasoningOf(parts) : "";
    const text = textOf(parts);
    return [
      ...(reasoning === "" ? [] : [this.#reasoningDelta(id, 0, reasoning)]),
      ...(text.length <= offset ? [] : [this.#textDelta(id, (from) => text.slice(from), answeredBy)]),
    ];
  }

  /** Returns the next delta of the message in progress, or undefined if there is no new text. */
  takeDelta({ messageId, text, reasoning, answeredBy }: LiveMessage): FollowedEvent | undefined {
    if (this.#messageId === undefined) {
      // The follower resumed inside this message. Reasoning comes before text, so it has read all reasoning if it has
      // any text.
      this.#messageId = messageId;
      if (this.#position.offset > 0) this.#reasoningRead = reasoning.length;
    }
    if (reasoning.length > this.#reasoningRead) {
      const offset = this.#reasoningRead;
      this.#reasoningRead = reasoning.length;
      return this.#reasoningDelta(messageId, offset, reasoning.from(offset));
    }
    if (text.length <= this.#position.offset) return undefined;
    return this.#textDelta(messageId, (from) => text.from(from), answeredBy);
  }

  /** Returns the next progress of a tool call, or undefined if there is nothing new. It does not move the cursor. */
  takeProgress(live: LiveRun): FollowedEvent | undefined {
    if (live !== this.#progressOf) this.#reportsRead = 0;
    this.#progressOf = live;
    const next = live.progressAfter(this.#reportsRead);
    if (!next) return undefined;
    this.#reportsRead = next.report;
    return { event: { ...next.event, seq: this.#position.seq }, cursor: formatCursor(this.#position) };
  }

  #reasoningDelta(messageId: string, offset: number, text: string): FollowedEvent {
    const event = { type: "reasoning.delta" as const, seq: this.#position.seq, messageId, offset, text };
    return { event, cursor: formatCursor(this.#position) };
  }

  #textDelta(
    messageId: string,
    textFrom: (offset: number) => string,
    answeredBy: AnsweredBy | undefined,
  ): FollowedEvent {
    const { seq, offset } = this.#position;
    const text = textFrom(offset);
    const before = this.#isInside ? { before: textFrom(offset - 1).charAt(0) } : {};
    this.#isInside = false;
    this.#position = { seq, offset: offset + text.length };
    const isFirst = offset === 0 && answeredBy !== undefined;
    const event = { type: "text.delta" as const, seq, messageId, offset, text, ...(isFirst && { answeredBy }) };
    return { event, cursor: formatCursor(this.#position), ...before };
  }
}

type CompletedMessage = Extract<NumberedEvent, { type: "message.completed" }>;

/**
 * Returns true if the run has ended and has no events after `seq`. The events of old runs are deleted. Throws
 * NOT_FOUND.
 */
async function isOver(db: TenantDatabase, runId: string, seq: number): Promise<boolean> {
  const run = await db.read.selectFrom("runs").select("ended_at").where("id", "=", runId).executeTakeFirst();
  if (!run) throw notFound("run", runId);
  if (run.ended_at === null) return false;
  // Events are read after the run, because the last ones are stored together with its end.
  return (await readEvents(db.read, runId, seq, 1)).length === 0;
}

/** Sleeps until the live run changes or a signal aborts. A change since the last `look()` ends the sleep at once. */
class Watch implements LiveListener {
  readonly wantsText: boolean;
  readonly #options: FollowOptions;
  #live: LiveRun | undefined;
  #hasChanged = false;
  #resolve: (() => void) | undefined;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.wantsText = options.wantsText;
    for (const signal of options.signals) signal.addEventListener("abort", this.wake);
  }

  wake = (): void => {
    this.#hasChanged = true;
    this.#resolve?.();
    this.#resolve = undefined;
  };

  /**
   * Returns the live run, if this process holds it. Call it before each read: a change after this call ends the next
   * sleep. A run that this process has released is still returned, so its end can be read even if the run was deleted.
   */
  look(): LiveRun | undefined {
    const live = this.#options.findLive(this.#options.runId) ?? this.#live;
    if (live !== this.#live) {
      this.#live?.unlisten(this);
      live?.listen(this);
      this.#live = live;
    }
    this.#hasChanged = false;
    return live;
  }

  async sleep(): Promise<void> {
    if (this.#hasChanged) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resolve = resolve;
    await promise;
  }

  async sleepAtMost(milliseconds: number): Promise<void> {
    const timer = setTimeout(this.wake, milliseconds);
    await this.sleep();
    clearTimeout(timer);
  }

  end(): void {
    this.#live?.unlisten(this);
    for (const signal of this.#options.signals) signal.removeEventListener("abort", this.wake);
  }
}
