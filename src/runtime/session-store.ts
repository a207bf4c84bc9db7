import { failedPrecondition, notFound } from "#base/errors.ts";
import { newId, randomHex } from "#base/ids.ts";
import { insertRowUnlessKnown, prepareChange, prepareQuery } from "#db/prepared-query.ts";
import type { SessionsTable } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import type { Head } from "#runtime/append-messages.ts";
import { type Message, type NewMessage, textOf } from "#runtime/message-parts.ts";

export type SessionRow = Omit<SessionsTable, "tenant_id">;

/** The session that a run belongs to. */
export interface SessionWish {
  /** A key names a session, which is made when missing; a function gives keys for suffixes until one is new. */
  readonly key: string | MakeKey;
  readonly agentId: string;
  readonly userId: string;
  readonly channel: string;
  /** Admins may continue anybody's session. */
  readonly mayUseAny: boolean;
  /** Lets a new session begin below a message of another. */
  readonly branchFrom?: string | undefined;
}

/** Makes the key of a new session from a suffix of 8 hex digits. */
export type MakeKey = (suffix: string) => string;

const MAX_TRIES = 5;
const SUFFIX_BYTES = 4;

/** Finds the session for writing, or makes it. Throws when it belongs to somebody else or to another agent. */
export async function openSession(queries: TenantQueries, wish: SessionWish, now: string): Promise<SessionRow> {
  if (typeof wish.key === "function") return openFreshSession(queries, wish, wish.key, now);
  const found = await lockSession(queries, wish.key);
  if (found) return requireUsable(found, wish, wish.key);
  await insertSession(queries, wish, wish.key, now);
  // Another transaction may have made it between our look and our insert.
  const made = await lockSession(queries, wish.key);
  if (!made) throw notFound("session", wish.key);
  return requireUsable(made, wish, wish.key);
}

async function openFreshSession(
  queries: TenantQueries,
  wish: SessionWish,
  makeKey: MakeKey,
  now: string,
): Promise<SessionRow> {
  return withFreshKey(makeKey, (key) => insertSession(queries, wish, key, now));
}

let lastSuffix: number | undefined;

/**
 * Counts up from a random number, so that sessions which begin together lie together in the index of keys: random keys
 * are spread over all of its pages. Where a key is taken, counting goes on from elsewhere.
 */
function nextSuffix(isTaken: boolean): string {
  const random = () => Number.parseInt(randomHex(SUFFIX_BYTES), 16);
  lastSuffix = lastSuffix === undefined || isTaken ? random() : (lastSuffix + 1) % 256 ** SUFFIX_BYTES;
  return lastSuffix.toString(16).padStart(2 * SUFFIX_BYTES, "0");
}

/** Tries keys until one is new; `insert` gives undefined for one that is taken. */
export async function withFreshKey<Value>(
  makeKey: MakeKey,
  insert: (key: string) => Promise<Value | undefined>,
): Promise<Value> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const made = await insert(makeKey(nextSuffix(tries > 0)));
    if (made !== undefined) return made;
  }
  throw new Error("no new session key was found");
}

/** Undefined when there is one of this key. */
async function insertSession(
  queries: TenantQueries,
  wish: SessionWish,
  key: string,
  now: string,
): Promise<SessionRow | undefined> {
  const head = wish.branchFrom === undefined ? undefined : await findHead(queries, wish.branchFrom);
  const row: SessionRow = {
    ...emptySession(wish, key, now),
    head_id: head?.id ?? null,
    message_count: head ? head.depth + 1 : 0,
  };
  return (await insertNewSession(queries, row)) ? row : undefined;
}

/** A session without messages, not stored yet. */
export const emptySession = (wish: SessionWish, key: string, now: string): SessionRow => ({
  id: newId(),
  key,
  agent_id: wish.agentId,
  user_id: wish.userId,
  channel: wish.channel,
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

/** False when there is a session of this key. */
export const insertNewSession = (queries: TenantQueries, row: SessionRow): Promise<boolean> =>
  insertRowUnlessKnown(queries, "sessions", row, ["tenant_id", "key"]);

export const lockSession = (queries: TenantQueries, key: string): Promise<SessionRow | undefined> =>
  queries.selectForUpdate("sessions").selectAll().where("key", "=", key).executeTakeFirst();

/** What a run has to know of the session that it writes to. */
export type HeldSession = Pick<SessionRow, "id" | "head_id" | "message_count" | "active_run_id" | "compaction_count">;

const sessionById = prepareQuery<{ readonly id: string }, HeldSession>((queries, { id }) =>
  queries
    .selectForUpdate("sessions")
    .select(["id", "head_id", "message_count", "active_run_id", "compaction_count"])
    .where("id", "=", id),
);

export async function lockSessionById(queries: TenantQueries, id: string): Promise<HeldSession | undefined> {
  const [session] = await sessionById(queries, { id });
  return session;
}

/** The last message of a session's transcript: its length tells how deep that stands. */
export const headOf = ({ head_id, message_count }: Pick<SessionRow, "head_id" | "message_count">): Head | undefined =>
  head_id === null ? undefined : { id: head_id, depth: message_count - 1 };

function requireUsable(session: SessionRow, { userId, agentId, mayUseAny }: SessionWish, key: string): SessionRow {
  if (session.user_id !== userId && !mayUseAny) throw notFound("session", key);
  if (session.agent_id !== agentId) throw failedPrecondition("error.agent_other_session", { key }, "other_agent");
  return session;
}

const findHead = (queries: TenantQueries, messageId: string): Promise<Head | undefined> =>
  queries.selectFrom("messages").select(["id", "depth"]).where("id", "=", messageId).executeTakeFirst();

/** Gives the session to a run, or to none. */
export const setActiveRun = prepareChange<{ readonly id: string; readonly runId: string | null }>(
  (queries, { id, runId }) => queries.updateTable("sessions").set({ active_run_id: runId }).where("id", "=", id),
);

/** What a session gains when messages join it or a model call is counted. */
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

const growth = (queries: TenantQueries, { id, messages, text, input, output, now }: Growth) =>
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

const growInNumbers = prepareChange<Growth>((queries, slots) => growth(queries, slots));

const grow = prepareChange<Growth & { readonly head: string }>((queries, slots) =>
  growth(queries, slots).set({ head_id: slots.head }),
);

const growAndPass = prepareChange<Growth & { readonly head: string; readonly runId: string | null }>((queries, slots) =>
  growth(queries, slots).set({ head_id: slots.head, active_run_id: slots.runId }),
);

/** Moves the session's pointer to the last of the new messages. */
export async function growSession(
  queries: TenantQueries,
  sessionId: string,
  gained: SessionGrowth,
  now: string,
): Promise<void> {
  const values = toGrowth(sessionId, gained, now);
  const last = gained.messages.at(-1);
  await (last ? grow(queries, { ...values, head: last.id }) : growInNumbers(queries, values));
}

/** The same, and gives the session to another run, or to none. */
export async function passSession(
  queries: TenantQueries,
  sessionId: string,
  gained: SessionGrowth | undefined,
  runId: string | null,
  now: string,
): Promise<void> {
  const last = gained?.messages.at(-1);
  if (gained && last) await growAndPass(queries, { ...toGrowth(sessionId, gained, now), head: last.id, runId });
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

/** The size of the text that the model reads, from which its tokens are estimated. */
export const textBytesOf = (messages: readonly NewMessage[]): number =>
  messages.reduce((sum, { parts }) => sum + Buffer.byteLength(textOf(parts)), 0);
