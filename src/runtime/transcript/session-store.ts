import { failedPrecondition, notFound } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { insertRowIfAbsent } from "#db/insert-rows.ts";
import { prepareChange, prepareWrite, type Slots } from "#db/prepared-query.ts";
import type { SessionsTable } from "#db/run-tables.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import { toBit } from "#db/values.ts";
import type { Head } from "#runtime/transcript/append-messages.ts";
import { type Message, type NewMessage, textsOf } from "#runtime/transcript/message-parts.ts";
import { requireOwnKey } from "#runtime/transcript/require-own-key.ts";
import { withSearchText } from "#runtime/transcript/search-text.ts";
import type { MakeKey, SessionSuffixes } from "#runtime/transcript/session-suffixes.ts";

export type SessionRow = Omit<SessionsTable, "tenant_id" | "search_text">;

/** The session that a run requests. */
export interface SessionRequest {
  /** The key of a session, which is created if it is missing, or a function that makes keys for a new session. */
  readonly key: string | MakeKey;
  readonly agentId: string;
  readonly agentKey: string;
  readonly userId: string;
  readonly channel: string;
  /** True for administrators, who may continue the sessions of other users. */
  readonly mayUseAny: boolean;
  /** The message of another session after which a new session begins. */
  readonly branchFrom?: string | undefined;
}

/**
 * Returns the last message of a session, or undefined if there is no such session. Throws if it belongs to another user
 * or to another agent.
 */
export async function findSessionHead(
  queries: TenantReads,
  request: SessionRequest,
  key: string,
): Promise<string | undefined> {
  const found = await queries.selectFrom("sessions").selectAll().where("key", "=", key).executeTakeFirst();
  return (found && requireUsable(found, request, key).head_id) ?? undefined;
}

/** Throws if the messages of a new session do not fit below the head at which it begins. */
type CheckHead = (headId: string | null) => Promise<unknown>;

/**
 * Locks the session for writing, or creates it. Throws if it belongs to another user or to another agent, or if a new
 * one would take a reserved key. Calls `check` before it creates one.
 */
export async function openSession(
  queries: TenantQueries,
  request: SessionRequest,
  suffixes: SessionSuffixes,
  now: string,
  check: CheckHead,
): Promise<SessionRow> {
  const { key } = request;
  if (typeof key === "function") {
    return suffixes.withFreshKey(key, (fresh) => insertSession(queries, request, fresh, now, check));
  }
  const found = await lockSession(queries, key);
  if (found) return requireUsable(found, request, key);
  const { agentId, agentKey, mayUseAny: isAdmin } = request;
  requireOwnKey({ key, agentId, agentKey, isAdmin });
  await insertSession(queries, request, key, now, check);
  // Another transaction may have created the session between the query and the insert.
  const created = await lockSession(queries, key);
  if (!created) throw notFound("session", key);
  return requireUsable(created, request, key);
}

/** Returns undefined if a session with this key exists. */
async function insertSession(
  queries: TenantQueries,
  request: SessionRequest,
  key: string,
  now: string,
  check: CheckHead,
): Promise<SessionRow | undefined> {
  const head = request.branchFrom === undefined ? undefined : await findHead(queries, request.branchFrom);
  await check(head?.id ?? null);
  const row: SessionRow = {
    ...emptySession(request, key, now),
    ...(head && {
      head_id: head.id,
      message_count: head.depth + 1,
      summary: head.summary,
      summary_until_id: head.summary_until_id,
      compaction_count: head.compaction_count,
    }),
  };
  return (await insertNewSession(queries, row)) ? row : undefined;
}

/** Returns the row of a session without messages. It is not stored yet. */
export const emptySession = (request: SessionRequest, key: string, now: string): SessionRow => ({
  id: newId(),
  key,
  is_named: toBit(typeof request.key === "string"),
  agent_id: request.agentId,
  user_id: request.userId,
  channel: request.channel,
  label: "",
  metadata: "{}",
  head_id: null,
  active_run_id: null,
  summary: "",
  summary_until_id: null,
  compaction_count: 0,
  message_count: 0,
  text_bytes: 0,
  input_tokens: 0,
  output_tokens: 0,
  created_at: now,
  updated_at: now,
});

/** Resolves to false if a session with this key exists. */
export const insertNewSession = (queries: TenantQueries, row: SessionRow): Promise<boolean> =>
  insertRowIfAbsent(queries, "sessions", withSearchText(row), ["tenant_id", "key"]);

/** Keeps a session from ending by retention, because somebody came back to it. */
export async function nameSession(queries: TenantQueries, id: string): Promise<void> {
  await queries.updateTable("sessions").set({ is_named: 1 }).where("id", "=", id).execute();
}

export const lockSession = (queries: TenantQueries, key: string): Promise<SessionRow | undefined> =>
  queries.selectForUpdate("sessions").selectAll().where("key", "=", key).executeTakeFirst();

/** The columns that a run needs of the session that it writes to. */
export type HeldSession = Pick<SessionRow, "id" | "head_id" | "message_count" | "active_run_id" | "compaction_count">;

const sessionById = prepareWrite<{ readonly id: string }, HeldSession>((queries, { id }) =>
  queries
    .selectForUpdate("sessions")
    .select(["id", "head_id", "message_count", "active_run_id", "compaction_count"])
    .where("id", "=", id),
);

export async function lockSessionById(queries: TenantQueries, id: string): Promise<HeldSession | undefined> {
  const [session] = await sessionById(queries, { id });
  return session;
}

/** Returns the last message of a session's transcript. Its depth follows from the number of messages. */
export const transcriptHeadOf = ({
  head_id,
  message_count,
}: Pick<SessionRow, "head_id" | "message_count">): Head | undefined =>
  head_id === null ? undefined : { id: head_id, depth: message_count - 1 };

function requireUsable(session: SessionRow, { userId, agentId, mayUseAny }: SessionRequest, key: string): SessionRow {
  if (session.user_id !== userId && !mayUseAny) throw notFound("session", key);
  if (session.agent_id !== agentId) throw failedPrecondition("error.agent_other_session", { key }, "other_agent");
  return session;
}

/** A message with the summary of its session, which is ignored where it covers later messages. */
type BranchPoint = Head & Pick<SessionRow, "summary" | "summary_until_id" | "compaction_count">;

const findHead = (queries: TenantReads, messageId: string): Promise<BranchPoint | undefined> =>
  queries
    .selectFrom("messages")
    .innerJoin("sessions", "sessions.id", "messages.session_id")
    .select(["messages.id", "messages.depth"])
    .select(["sessions.summary", "sessions.summary_until_id", "sessions.compaction_count"])
    .where("messages.id", "=", messageId)
    .executeTakeFirst();

/** Sets the session's active run. Null means none. */
export const setActiveRun = prepareChange<{ readonly id: string; readonly runId: string | null }>(
  (queries, { id, runId }) => queries.updateTable("sessions").set({ active_run_id: runId }).where("id", "=", id),
);

/** The growth of a session by new messages and model calls. */
export interface SessionGrowth {
  readonly messages: readonly Message[];
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

interface Growth {
  readonly id: string;
  readonly messages: number;
  readonly text: number;
  readonly input: number;
  readonly output: number;
  readonly now: string;
}

const growthUpdate = (queries: TenantQueries, { id, messages, text, input, output, now }: Slots<Growth>) =>
  queries
    .updateTable("sessions")
    .set((row) => ({
      message_count: row("message_count", "+", messages),
      text_bytes: row("text_bytes", "+", text),
      input_tokens: row("input_tokens", "+", input),
      output_tokens: row("output_tokens", "+", output),
      updated_at: now,
    }))
    .where("id", "=", id);

const growInNumbers = prepareChange<Growth>((queries, slots) => growthUpdate(queries, slots));

const grow = prepareChange<Growth & { readonly head: string }>((queries, slots) =>
  growthUpdate(queries, slots).set({ head_id: slots.head }),
);

const growAndPass = prepareChange<Growth & { readonly head: string; readonly runId: string | null }>((queries, slots) =>
  growthUpdate(queries, slots).set({ head_id: slots.head, active_run_id: slots.runId }),
);

/** Adds to a session's counters and moves its head to the last of the new messages. */
export async function growSession(
  queries: TenantQueries,
  sessionId: string,
  growth: SessionGrowth,
  now: string,
): Promise<void> {
  const values = toGrowth(sessionId, growth, now);
  const last = growth.messages.at(-1);
  await (last ? grow(queries, { ...values, head: last.id }) : growInNumbers(queries, values));
}

/**
 * Adds growth like `growSession`, and passes the session on to another run. A null `runId` means none. `growth` must
 * have messages, otherwise it is ignored.
 */
export async function passSession(
  queries: TenantQueries,
  sessionId: string,
  growth: SessionGrowth | undefined,
  runId: string | null,
  now: string,
): Promise<void> {
  const last = growth?.messages.at(-1);
  if (growth && last) await growAndPass(queries, { ...toGrowth(sessionId, growth, now), head: last.id, runId });
  else await setActiveRun(queries, { id: sessionId, runId });
}

const toGrowth = (id: string, { messages, inputTokens = 0, outputTokens = 0 }: SessionGrowth, now: string): Growth => ({
  id,
  messages: messages.length,
  text: textBytesOf(messages),
  input: inputTokens,
  output: outputTokens,
  now,
});

/** Returns the size in bytes of the text that the model reads. */
export const textBytesOf = (messages: readonly NewMessage[]): number =>
  messages.flatMap(({ parts }) => textsOf(parts)).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
