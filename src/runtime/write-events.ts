import { insertRow } from "#db/prepared-query.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import type { Sequenced, StoredRunEvent } from "#runtime/run-events.ts";

export type NumberedEvent = Sequenced<StoredRunEvent>;

/** Numbers events upwards so that the last one is `lastSeq`, and stores them. */
export async function insertEvents(
  queries: TenantQueries,
  runId: string,
  lastSeq: number,
  events: readonly StoredRunEvent[],
  now: string,
): Promise<readonly NumberedEvent[]> {
  const first = lastSeq - events.length + 1;
  const numbered = events.map((event, index) => ({ ...event, seq: first + index }));
  for (const { seq, type, ...body } of numbered) {
    await insertRow(queries, "run_events", { run_id: runId, seq, type, body: toJson(body), created_at: now });
  }
  return numbered;
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
