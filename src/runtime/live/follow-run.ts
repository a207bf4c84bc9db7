import { AppError, notFound } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { LiveListener, LiveMessage, LiveRun } from "#runtime/live/live-run.ts";
import {
  type Cursor,
  type FollowedEvent,
  formatCursor,
  isTerminal,
  type NumberedEvent,
  readEvents,
} from "#runtime/runs/index.ts";
import { type Message, textOf } from "#runtime/transcript/index.ts";

/** How often a run that another process works on is looked at. */
const POLL_MS = 250;

export interface FollowOptions {
  readonly db: TenantDatabase;
  readonly runId: string;
  readonly after: Cursor;
  readonly findLive: (runId: string) => LiveRun | undefined;
  /** One of them aborts when the follower, or this process, goes away. */
  readonly signals: readonly AbortSignal[];
  /** False for a reader of whole messages: the text of each comes as one delta when it is complete. */
  readonly wantsText: boolean;
  /** Called when reading begins; what it returns is called when it ends, with whether the run's end was told. */
  readonly join?: (() => (hasEnded: boolean) => void) | undefined;
}

/**
 * A run's story after a cursor, until its end: what is stored, then the text under way from its offset, then what
 * comes. Pulled at the reader's pace; text that gathers meanwhile comes as one delta. No gap and no duplicate, since
 * each turn of the loop starts again from the reader's own place. Throws NOT_FOUND when the run is deleted before its
 * end is told.
 */
export async function* followRun(options: FollowOptions): AsyncGenerator<FollowedEvent> {
  const { db, runId, after, signals, wantsText } = options;
  const reader = new Reader(after);
  const watch = new Watch(options);
  const leave = options.join?.();
  let hasEnded = false;
  try {
    for (;;) {
      const live = watch.look();
      const shown = live?.eventsAfter(reader.place);
      const isShown = shown !== undefined && (shown.length > 0 || !live?.isOver);
      const events = isShown ? shown : await readEvents(db.read, runId, reader.place.seq, LIMITS.runEventsPage);
      for (const event of events) {
        hasEnded = isTerminal(event);
        for (const followed of reader.take(event)) yield followed;
        if (hasEnded) return;
      }
      if (events.length > 0) continue;

      const { current } = live ?? {};
      const delta = wantsText && current?.seq === reader.place.seq ? reader.takeDelta(current) : undefined;
      if (delta) {
        yield delta;
        continue;
      }
      // Only now, so that an end which came just before this process leaves is still told.
      if (signals.some(({ aborted }) => aborted)) {
        throw new AppError("UNAVAILABLE", "error.shutting_down", {}, { reason: "draining" });
      }
      if (live && !live.isOver) await watch.sleep();
      else if (await isOver(db, runId, reader.place.seq)) return;
      else await watch.sleepAtMost(POLL_MS);
    }
  } finally {
    watch.end();
    leave?.(hasEnded);
  }
}

/** What there is of a run's story after a cursor now, without waiting for more. */
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
  if (current?.seq !== reader.place.seq) return;
  for (let delta = reader.takeDelta(current); delta; delta = reader.takeDelta(current)) yield delta;
}

/** Where one follower is, and how it gets from there to the next event. */
class Reader {
  #place: Cursor;
  #reasoned = 0;
  #messageId: string | undefined;

  constructor(place: Cursor) {
    this.#place = place;
  }

  get place(): Cursor {
    return this.#place;
  }

  take(event: NumberedEvent): readonly FollowedEvent[] {
    const rest = event.type === "message.completed" ? this.#takeRest(event.message) : undefined;
    this.#place = { seq: event.seq, offset: 0 };
    this.#reasoned = 0;
    this.#messageId = event.type === "message.started" ? event.messageId : undefined;
    const followed = { event, cursor: formatCursor(this.#place) };
    return rest ? [rest, followed] : [followed];
  }

  /** Of a message that ended while we were inside it, or before we looked: its text from our offset. */
  #takeRest({ id, parts }: Message): FollowedEvent | undefined {
    const text = textOf(parts).slice(this.#place.offset);
    return text === "" ? undefined : this.#delta("text.delta", id, this.#place.offset, text);
  }

  /** The next piece of the message under way, or undefined when there is nothing new. */
  takeDelta({ messageId, text, reasoning }: LiveMessage): FollowedEvent | undefined {
    if (this.#messageId === undefined) {
      // Resumed inside this message: reasoning, which comes before the text, was seen if any text was.
      this.#messageId = messageId;
      if (this.#place.offset > 0) this.#reasoned = reasoning.length;
    }
    if (reasoning.length > this.#reasoned) {
      const offset = this.#reasoned;
      this.#reasoned = reasoning.length;
      return this.#delta("reasoning.delta", messageId, offset, reasoning.from(offset));
    }
    if (text.length <= this.#place.offset) return undefined;
    return this.#delta("text.delta", messageId, this.#place.offset, text.from(this.#place.offset));
  }

  #delta(type: "text.delta" | "reasoning.delta", messageId: string, offset: number, text: string): FollowedEvent {
    if (type === "text.delta") this.#place = { ...this.#place, offset: offset + text.length };
    const event = { type, seq: this.#place.seq, messageId, offset, text };
    return { event, cursor: formatCursor(this.#place) };
  }
}

/** Whether the run has ended and nothing is left to read after `seq`; events of long ago are deleted. */
async function isOver(db: TenantDatabase, runId: string, seq: number): Promise<boolean> {
  const run = await db.read.selectFrom("runs").select("ended_at").where("id", "=", runId).executeTakeFirst();
  if (!run) throw notFound("run", runId);
  if (run.ended_at === null) return false;
  // Read after the run: its last events were stored with its end.
  return (await readEvents(db.read, runId, seq, 1)).length === 0;
}

/** Sleeps until something has changed since the last look: the run under way here, or one of the signals. */
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
   * To be called before anything is read: whatever changes from here on ends the next sleep. A run that this process
   * has let go of stays with whoever listened to it: its end is read from there, though the run be deleted by then.
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
