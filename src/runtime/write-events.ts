import { insertRows } from "#db/prepared-query.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { chunk, fromJson, toJson } from "#db/values.ts";
import type { Sequenced, StoredRunEvent } from "#runtime/run-events.ts";

export type NumberedEvent = Sequenced<StoredRunEvent>;

/** There is a prepared statement for each number of rows up to this. */
const ROWS_AT_ONCE = 8;

/** Numbers events upwards so that the last one is `lastSeq`, and stores them. */
export async function insertEvents(
  queries: TenantQueries,
  runId: string,
  lastSeq: number,
  events: readonly StoredRunEvent[],
  now: string,
): Promise<readonly NumberedEvent[]> {
  const first = lastSeq - events.length + 1;
  const rows = events.map(({ type, ...body }, index) => ({
    run_id: runId,
    seq: first + index,
    type,
    body: toJson(body),
    created_at: now,
  }));
  for (const some of chunk(rows, ROWS_AT_ONCE)) await insertRows(queries, "run_events", some);
  return events.map((event, index) => ({ ...event, seq: first + index }));
}

export async function readEvents(
  queries: TenantQueries,
  runId: string,
  afterSeq: number,
  limit: number,
): Promise<readonly NumberedEvent[]> {
  const rows = await queries
    .selectFrom("run_events")
    .select(["seq", "type", "body"])
    .where("run_id", "=", runId)
    .where("seq", ">", afterSeq)
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows.map(toEvent);
}

// What a row holds was written by `insertEvents` from an event of this union.
const toEvent = ({ seq, type, body }: { seq: number; type: string; body: string }) =>
  ({ type, seq, ...fromJson<object>(body) }) as NumberedEvent;
