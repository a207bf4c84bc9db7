import type { Expression } from "kysely";
import { newId } from "#base/ids.ts";
import { prepareRead } from "#db/prepared-query.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import { joinTranscript, lockSessionById, type Message, type NewMessage } from "#runtime/transcript/index.ts";

/** Stores messages that steer a running run. They join the transcript before its next model call. */
export async function insertInput(
  queries: TenantQueries,
  runId: string,
  messages: readonly NewMessage[],
  now: string,
): Promise<void> {
  const row = { id: newId(), run_id: runId, messages: toJson(messages), message_id: null, created_at: now };
  await queries.insertInto("run_inputs", row).execute();
}

/** Resolves to true if messages wait to steer the run. */
export async function hasInputs(queries: TenantReads, runId: string): Promise<boolean> {
  return (await anyInput(queries, { runId })).length > 0;
}

const anyInput = prepareRead<{ readonly runId: string }, { id: string }>((queries, { runId }) =>
  waitingInputs(queries, runId).select("id").limit(1),
);

/** Counts the inputs that wait to steer the run. */
export async function countInputs(queries: TenantReads, runId: string): Promise<number> {
  const { count } = await waitingInputs(queries, runId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Appends the waiting messages to the transcript, in order of arrival, and returns them. */
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
  const messages = rows.flatMap((row) => fromJson<NewMessage[]>(row.messages)).map(asFollowUp);
  const joined = await joinTranscript(queries, session, messages, now);
  const ids = rows.map(({ id }) => id);
  await queries
    .updateTable("run_inputs")
    .set({ message_id: joined.at(-1)?.id ?? null })
    .where("id", "in", ids)
    .execute();
  return joined;
}

/** Marks a user's message as a follow-up, which tells the model that it was sent while the agent was working. */
const asFollowUp = (message: NewMessage): NewMessage =>
  message.role === "user"
    ? {
        ...message,
        parts: message.parts.map((part) => (part.type === "text" ? { ...part, is_follow_up: true } : part)),
      }
    : message;

export const waitingInputs = (queries: TenantReads, runId: string | Expression<string>) =>
  queries.selectFrom("run_inputs").where("run_id", "=", runId).where("message_id", "is", null);
