import { prepareQuery } from "#db/prepared-query.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import { joinTranscript } from "#runtime/join-transcript.ts";
import type { Message, NewMessage } from "#runtime/message-parts.ts";
import { lockSessionById } from "#runtime/session-store.ts";

/** Whether messages wait to steer the run. */
export async function hasInputs(queries: TenantQueries, runId: string): Promise<boolean> {
  return (await anyInput(queries, { runId })).length > 0;
}

const anyInput = prepareQuery<{ readonly runId: string }, { id: string }>((queries, { runId }) =>
  waitingInputs(queries, runId).select("id").limit(1),
);

/** How many messages wait to steer the run. */
export async function countInputs(queries: TenantQueries, runId: string): Promise<number> {
  const { count } = await waitingInputs(queries, runId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Lets the messages that wait join the transcript, in the order in which they came. */
export async function consumeInputs(
  queries: TenantQueries,
  sessionId: string,
  runId: string,
  now: string,
): Promise<readonly Message[]> {
  const rows = await waitingInputs(queries, runId).select(["id", "messages"]).orderBy("id").execute();
  if (rows.length === 0) return [];
  const session = await lockSessionById(queries, sessionId);
  if (!session) return [];
  const joined = await joinTranscript(
    queries,
    session,
    rows.flatMap(({ messages }) => fromJson<NewMessage[]>(messages)).map(asFollowUp),
    now,
  );
  const ids = rows.map(({ id }) => id);
  await queries
    .updateTable("run_inputs")
    .set({ message_id: joined.at(-1)?.id ?? null })
    .where("id", "in", ids)
    .execute();
  return joined;
}

/** Stored as the user wrote it; the mark tells the model when it came. */
const asFollowUp = (message: NewMessage): NewMessage =>
  message.role === "user"
    ? {
        ...message,
        parts: message.parts.map((part) => (part.type === "text" ? { ...part, is_follow_up: true } : part)),
      }
    : message;

export const waitingInputs = (queries: TenantQueries, runId: string) =>
  queries.selectFrom("run_inputs").where("run_id", "=", runId).where("message_id", "is", null);
