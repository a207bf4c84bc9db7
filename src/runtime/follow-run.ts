import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { LiveRun } from "#runtime/live-run.ts";
import { textOf } from "#runtime/message-parts.ts";
import { type Cursor, type FollowedEvent, formatCursor, isTerminal } from "#runtime/run-events.ts";
import { OPEN_STATUSES } from "#runtime/run-schema.ts";
import { type NumberedEvent, readEvents } from "#runtime/write-events.ts";

/** How often a run that another process works on is looked at. */
const POLL_MS = 250;

export interface FollowOptions {
  readonly db: TenantDatabase;
  readonly runId: string;
  readonly after: Cursor;
  readonly findLive: (runId: string) => LiveRun | undefined;
  /** Aborts when the follower, or this process, goes away. */
  readonly signal: AbortSignal;
}

/**
 * A run's story after a cursor, until its end: what is stored, then the text under way from its offset, then what comes.
 * Pulled at the reader's pace; text that gathers meanwhile comes as one delta. No gap and no duplicate, since each turn
 * of the loop starts again from the reader's own place.
 */
export async function* followRun({ db, runId, after, findLive, signal }: FollowOptions): AsyncGenerator<FollowedEvent> {
  const reader = new Reader(after);
  for (;;) {
    const live = findLive(runId);
    // Taken before anything is read: whatever changes from here on ends the wait below.
    const change = live?.nextChange();
    const events =
      live?.eventsAfter(reader.place) ?? (await readEvents(db.read, runId, reader.place.seq, LIMITS.runEventsPage));
    for (const event of events) {
      yield* reader.take(event);
      if (isTerminal(event)) return;
    }
    if (events.length > 0) continue;

    const { current } = live ?? {};
    if (current && current.seq === reader.place.seq) {
      const delta = reader.takeDelta(current);
      if (delta) {
        yield delta;
        continue;
      }
    }
    // Only now, so that an end which came just before this process leaves is still told.
    if (signal.aborted) throw new AppError("UNAVAILABLE", "error.shutting_down", {}, { reason: "draining" });
    if (live && change && !live.isOver) await orAbort(change, signal);
    else if (await isOver(db, runId, reader.place.seq)) return;
    else await orAbort(Bun.sleep(POLL_MS), signal);
  }
}

/** What there is of a run's story after a cursor now, without waiting for more. */
export async function* snapshotRun({ db, runId, after, findLive }: Omit<FollowOptions, "signal">) {
  const reader = new Reader(after);
  const live = findLive(runId);
  const events = await readEvents(db.read, runId, after.seq, LIMITS.runEventsPage);
  for (const event of events) yield* reader.take(event);
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

  *take(event: NumberedEvent): Generator<FollowedEvent> {
    // A message that ended while we were inside it, or before we looked: its text from our offset comes first.
    if (event.type === "message.completed") {
      const text = textOf(event.message.parts).slice(this.#place.offset);
      if (text !== "") yield this.#delta("text.delta", event.message.id, this.#place.offset, text);
    }
    this.#place = { seq: event.seq, offset: 0 };
    this.#reasoned = 0;
    this.#messageId = event.type === "message.started" ? event.messageId : undefined;
    yield { event, cursor: formatCursor(this.#place) };
  }

  /** The next piece of the message under way, or undefined when there is nothing new. */
  takeDelta({ messageId, text, reasoning }: { messageId: string; text: string; reasoning: string }) {
    if (this.#messageId === undefined) {
      // Resumed inside this message: reasoning, which comes before the text, was seen if any text was.
      this.#messageId = messageId;
      if (this.#place.offset > 0) this.#reasoned = reasoning.length;
    }
    if (reasoning.length > this.#reasoned) {
      const offset = this.#reasoned;
      this.#reasoned = reasoning.length;
      return this.#delta("reasoning.delta", messageId, offset, reasoning.slice(offset));
    }
    if (text.length <= this.#place.offset) return undefined;
    return this.#delta("text.delta", messageId, this.#place.offset, text.slice(this.#place.offset));
  }

  #delta(type: "text.delta" | "reasoning.delta", messageId: string, offset: number, text: string): FollowedEvent {
    if (type === "text.delta") this.#place = { ...this.#place, offset: offset + text.length };
    const event = { type, seq: this.#place.seq, messageId, offset, text };
    return { event, cursor: formatCursor(this.#place) };
  }
}

/** Whether the run has ended and nothing is left to read after `seq`; events of long ago are deleted. */
async function isOver(db: TenantDatabase, runId: string, seq: number): Promise<boolean> {
  const run = await db.read.selectFrom("runs").select("status").where("id", "=", runId).executeTakeFirst();
  if (run && OPEN_STATUSES.some((status) => status === run.status)) return false;
  // Read after the status: the run's last events were stored with it.
  return (await readEvents(db.read, runId, seq, 1)).length === 0;
}

async function orAbort(change: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([change, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
