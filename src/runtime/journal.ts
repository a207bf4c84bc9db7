import { type Clock, toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { appendMessages } from "#runtime/append-messages.ts";
import { lookBeforeEnd, type RunEnd, type RunTotals, releaseSession, storeEnd, toEndEvent } from "#runtime/end-run.ts";
import { type Lease, passFence } from "#runtime/lease.ts";
import type { LiveRun } from "#runtime/live-run.ts";
import type { Message, MessagePart, NewMessage, ToolResultPart } from "#runtime/message-parts.ts";
import type { StoredRunEvent } from "#runtime/run-events.ts";
import { consumeInputs, hasInputs } from "#runtime/run-inputs.ts";
import { growSession, type HeldSession, headOf, lockSessionById, type SessionGrowth } from "#runtime/session-store.ts";
import { insertToolCalls, markCallRunning, storeCallResult, type ToolCallRecord } from "#runtime/tool-call-store.ts";
import { insertUsage, type UsageRecord } from "#runtime/usage-store.ts";
import { insertEvents, type NumberedEvent } from "#runtime/write-events.ts";

/** A model's turn as it is stored. */
export interface StoredTurn {
  readonly messageId: string;
  readonly parts: readonly MessagePart[];
  readonly isComplete: boolean;
  readonly calls: readonly ToolCallRecord[];
  readonly usage?: UsageRecord | undefined;
}

export interface JournalOptions {
  readonly db: TenantDatabase;
  readonly lease: Lease;
  readonly sessionId: string;
  readonly live: LiveRun;
  readonly clock: Clock;
  /** A message that was started when the run was accepted: the first that this attempt makes. */
  readonly begunMessageId?: string | undefined;
}

/**
 * Everything that one attempt at a run writes. Each write passes the fence, stores its facts with the events that tell
 * them in one transaction, and is shown to followers after the commit.
 */
export class Journal {
  readonly #options: JournalOptions;
  #begunMessageId: string | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#begunMessageId = options.begunMessageId;
  }

  /** The id of the message that a model call is about to write. */
  async startMessage(): Promise<string> {
    const messageId = this.#begunMessageId ?? newId();
    if (this.#begunMessageId === undefined) await this.#tell({ type: "message.started", messageId });
    this.#begunMessageId = undefined;
    return messageId;
  }

  /** A model call that had not ended when its process died: what was streamed of it does not count. */
  resetMessage(messageId: string): Promise<void> {
    return this.#tell({ type: "message.reset", messageId });
  }

  /** The end of a model call: its message, the calls it makes, and what it used, before any of its tools starts. */
  storeTurn(turn: StoredTurn): Promise<Message> {
    const { sessionId, clock } = this.#options;
    return this.#writeToSession(async (queries, session) => {
      const told = await this.#insertTurn(queries, session, turn);
      await growSession(queries, sessionId, told.gained, toTimestamp(clock.now()));
      return told;
    });
  }

  /** Usage of a model call that gave no message. */
  storeUsage(usage: UsageRecord): Promise<void> {
    const { sessionId, lease, clock } = this.#options;
    return this.#write(async (queries) => {
      await insertUsage(queries, lease.runId, sessionId, usage, toTimestamp(clock.now()));
      return NOTHING_TO_TELL;
    });
  }

  startCall(callId: string): Promise<void> {
    return this.#write(async (queries) => {
      await markCallRunning(queries, callId, this.#options.clock.now());
      return NOTHING_TO_TELL;
    });
  }

  storeResult(state: "done" | "unknown", result: ToolResultPart): Promise<void> {
    const { call_id: callId, name, text, is_error: isError } = result;
    return this.#write(async (queries) => {
      await storeCallResult(queries, state, result, this.#options.clock.now());
      return { value: undefined, events: [{ type: "tool.result", callId, name, text, isError }] };
    });
  }

  /** The results of a turn's calls as one message, once all of them are there, and what we say to the model after them. */
  async storeResults(results: readonly ToolResultPart[], notes: readonly string[]): Promise<readonly Message[]> {
    const { sessionId, lease, clock } = this.#options;
    const now = toTimestamp(clock.now());
    return this.#writeToSession(async (queries, session) => {
      const message = await this.#append(queries, session, { role: "tool", parts: results }, true, now);
      const head = { id: message.id, depth: session ? session.message_count : 0 };
      const said = await appendMessages(queries, head, notes.map(toNote), { sessionId, runId: lease.runId, now });
      await growSession(queries, sessionId, { messages: [message, ...said] }, now);
      return { value: [message, ...said], events: [] };
    });
  }

  /** Lets a summary stand in for the session's messages up to one of them. */
  async storeSummary(
    summary: string,
    untilId: string,
    textBytes: number,
    usage: readonly UsageRecord[],
  ): Promise<void> {
    const { sessionId, lease, clock } = this.#options;
    const now = toTimestamp(clock.now());
    return this.#writeToSession(async (queries, session) => {
      for (const record of usage) await insertUsage(queries, lease.runId, sessionId, record, now);
      await queries
        .updateTable("sessions")
        .set({
          summary,
          summary_until_id: untilId,
          compaction_count: (session?.compaction_count ?? 0) + 1,
          text_bytes: textBytes,
          updated_at: now,
        })
        .where("id", "=", sessionId)
        .execute();
      return NOTHING_TO_TELL;
    });
  }

  /** Messages that came to steer the run and have now joined its transcript. */
  async takeInputs(): Promise<readonly Message[]> {
    const { db, lease, sessionId, clock } = this.#options;
    // Of a run that has only just been accepted nobody can know yet.
    if (this.#begunMessageId !== undefined || !(await hasInputs(db.read, lease.runId))) return [];
    return this.#writeToSession(async (queries) => ({
      value: await consumeInputs(queries, sessionId, lease.runId, toTimestamp(clock.now())),
      events: [],
    }));
  }

  /**
   * Ends the run, together with its last turn where that is not stored yet. A run that would complete while somebody
   * still steers it does not end: then only the turn is stored, and comes back.
   */
  async end(end: RunEnd, totals: RunTotals, turn?: StoredTurn): Promise<Ending> {
    const { db, lease, live, sessionId, clock } = this.#options;
    const now = clock.now();
    const at = toTimestamp(now);
    const { ending, numbered } = await db.write(async (queries): Promise<Ended> => {
      const session = await lockSessionById(queries, sessionId);
      const last = turn && (await this.#insertTurn(queries, session, turn));
      const told = last?.events ?? [];
      const { lastSeq: before, isSteered, isAwaited } = await lookBeforeEnd(queries, lease, sessionId);
      if (isSteered && end.status === "completed") {
        if (last) await growSession(queries, sessionId, last.gained, at);
        const lastSeq = await passFence(queries, lease, told.length);
        const numbered = await insertEvents(queries, lease.runId, lastSeq, told, at);
        return { ending: { isEnded: false, message: last?.value }, numbered };
      }
      const release = { runId: lease.runId, session, gained: last?.gained, isAwaited };
      const next = await releaseSession(queries, release, end, now);
      const events = [...told, toEndEvent(end, totals)];
      const lastSeq = before + events.length;
      await storeEnd(queries, lease, lastSeq, end, totals, at);
      const numbered = await insertEvents(queries, lease.runId, lastSeq, events, at);
      return { ending: { isEnded: true, next }, numbered };
    });
    live.commit(numbered);
    return ending;
  }

  /** Everything but the session's own row, which the caller writes. */
  async #insertTurn(
    queries: TenantQueries,
    session: HeldSession | undefined,
    { messageId, parts, isComplete, calls, usage }: StoredTurn,
  ): Promise<ToldTurn> {
    const { sessionId, lease, clock } = this.#options;
    const now = toTimestamp(clock.now());
    const message = await this.#append(queries, session, { id: messageId, role: "assistant", parts }, isComplete, now);
    await insertToolCalls(queries, lease.runId, messageId, calls, now);
    if (usage) await insertUsage(queries, lease.runId, sessionId, usage, now);
    const tokens = { inputTokens: usage?.usage.input_tokens ?? 0, outputTokens: usage?.usage.output_tokens ?? 0 };
    const events: readonly StoredRunEvent[] = [{ type: "message.completed", message }, ...calls.map(toCallEvent)];
    return { value: message, events, gained: { messages: [message], ...tokens } };
  }

  async #append(
    queries: TenantQueries,
    session: HeldSession | undefined,
    message: NewMessage & { readonly id?: string },
    isComplete: boolean,
    now: string,
  ): Promise<Message> {
    const { sessionId, lease } = this.#options;
    const options = { sessionId, runId: lease.runId, now, isComplete };
    const [stored] = await appendMessages(queries, session && headOf(session), [message], options);
    return stored as Message;
  }

  #tell(event: StoredRunEvent): Promise<void> {
    return this.#write(async () => ({ value: undefined, events: [event] }));
  }

  /** Locks the session before the run, as everyone does who takes both. */
  #writeToSession<Value>(
    unit: (queries: TenantQueries, session: HeldSession | undefined) => Promise<Told<Value>>,
  ): Promise<Value> {
    return this.#write(async (queries) => unit(queries, await lockSessionById(queries, this.#options.sessionId)));
  }

  // The fence comes last, when it is known how many events there are to number; without it nothing is committed.
  async #write<Value>(unit: (queries: TenantQueries) => Promise<Told<Value>>): Promise<Value> {
    const { db, lease, live, clock } = this.#options;
    const { value, numbered } = await db.write(async (queries) => {
      const { value, events } = await unit(queries);
      const lastSeq = await passFence(queries, lease, events.length);
      return { value, numbered: await insertEvents(queries, lease.runId, lastSeq, events, toTimestamp(clock.now())) };
    });
    live.commit(numbered);
    return value;
  }
}

interface Ended {
  readonly ending: Ending;
  readonly numbered: readonly NumberedEvent[];
}

/** How an attempt to end a run went. */
export type Ending =
  | { readonly isEnded: true; readonly next: string | undefined }
  | { readonly isEnded: false; readonly message: Message | undefined };

interface Told<Value> {
  readonly value: Value;
  readonly events: readonly StoredRunEvent[];
}

interface ToldTurn extends Told<Message> {
  readonly gained: SessionGrowth;
}

const toNote = (text: string): NewMessage => ({ role: "system", parts: [{ type: "text", text }] });

const NOTHING_TO_TELL: Told<void> = { value: undefined, events: [] };

const toCallEvent = ({ id, name, arguments: text, state }: ToolCallRecord): StoredRunEvent => ({
  type: "tool.call",
  callId: id,
  name,
  arguments: text,
  isClient: state === "client",
});
