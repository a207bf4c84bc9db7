import { insertRow } from "#db/insert-rows.ts";
import type { RunEventsTable } from "#db/run-tables.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import type { Sequenced, StoredRunEvent } from "#runtime/runs/run-events.ts";

export type NumberedEvent = Sequenced<StoredRunEvent>;

/** Stores the events of a transaction in one row. Returns them in ascending order of number, up to `lastSeq`. */
export async function insertEvents(
  queries: TenantQueries,
  runId: string,
  lastSeq: number,
  events: readonly StoredRunEvent[],
  now: string,
): Promise<readonly NumberedEvent[]> {
  if (events.length === 0) return [];
  await insertRow(queries, "run_events", { run_id: runId, seq: lastSeq, events: toJson(events), created_at: now });
  return toNumbered(events, lastSeq);
}

/** Returns whether exactly these events, which belong to one transaction, are stored under their numbers. */
export async function hasEvents(
  queries: TenantReads,
  runId: string,
  events: readonly NumberedEvent[],
): Promise<boolean> {
  const row = await queries
    .selectFrom("run_events")
    .select("events")
    .where("run_id", "=", runId)
    .where("seq", "=", events.at(-1)?.seq ?? 0)
    .executeTakeFirst();
  return row?.events === toJson(events.map(({ seq: _, ...event }) => event));
}

/** Returns the next events after a number, at most `limit`. */
export async function readEvents(
  queries: TenantReads,
  runId: string,
  afterSeq: number,
  limit: number,
): Promise<readonly NumberedEvent[]> {
  return (await readTimedEvents(queries, runId, afterSeq, limit)).map(({ event }) => event);
}

/** An event with the time at which it was stored, in RFC 3339. */
export interface TimedEvent {
  readonly event: NumberedEvent;
  readonly at: string;
}

/** The same, with the times of the events. */
export async function readTimedEvents(
  queries: TenantReads,
  runId: string,
  afterSeq: number,
  limit: number,
): Promise<readonly TimedEvent[]> {
  const rows = await queries
    .selectFrom("run_events")
    .select(["seq", "events", "created_at"])
    .where("run_id", "=", runId)
    .where("seq", ">", afterSeq)
    .orderBy("seq")
    .limit(limit)
    .execute();
  // A row may begin before the number and may end beyond the limit.
  return rows
    .flatMap((row) => toEvents(row).map((event) => ({ event, at: row.created_at })))
    .filter(({ event }) => event.seq > afterSeq)
    .slice(0, limit);
}

/** Returns the last event about a message of the run. */
export async function readLastMessageEvent(queries: TenantReads, runId: string): Promise<NumberedEvent | undefined> {
  const row = await queries
    .selectFrom("run_events")
    .select(["seq", "events"])
    .where("run_id", "=", runId)
    // Quotes inside texts are escaped, so only the type of an event matches.
    .where("events", "like", '%"type":"message.%')
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && toEvents(row).findLast(({ type }) => type.startsWith("message."));
}

// The cast is safe, because rows hold the format of `insertEvents`.
const toEvents = ({ seq, events }: Pick<RunEventsTable, "seq" | "events">): readonly NumberedEvent[] =>
  toNumbered(fromJson<StoredRunEvent[]>(events), seq);

const toNumbered = (events: readonly StoredRunEvent[], lastSeq: number): readonly NumberedEvent[] =>
  events.map((event, index) => ({ ...event, seq: lastSeq - events.length + 1 + index }));
