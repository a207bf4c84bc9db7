import { type Clock, toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { FaultRetry } from "#db/fault-retry.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import type { RunRow } from "#runtime/runs/claim-run.ts";
import {
  endRun,
  lockForEnd,
  type RunEnd,
  type RunEndHook,
  type RunTotals,
  releaseSession,
} from "#runtime/runs/end-run.ts";
import { type Lease, passFence } from "#runtime/runs/lease.ts";
import { insertUsage, type UsageRecord } from "#runtime/runs/records/usage-store.ts";
import type { AnsweredBy, StoredRunEvent } from "#runtime/runs/run-events.ts";
import { consumeInputs, hasInputs } from "#runtime/runs/run-inputs.ts";
import { insertEvents, type NumberedEvent } from "#runtime/runs/write-events.ts";
import { type Proof, type Stored, writeThrough } from "#runtime/runs/write-through.ts";
import {
  appendMessages,
  growSession,
  type HeldSession,
  insertToolCalls,
  lockSessionById,
  type Message,
  type MessagePart,
  markCallRunning,
  markRefused,
  type NewMessage,
  type Refusal,
  type SessionGrowth,
  type StoredSummary,
  storeCallResult,
  storeSummary,
  type ToolCallRecord,
  type ToolResultPart,
  transcriptHeadOf,
} from "#runtime/transcript/index.ts";

/** A model's turn, ready to be stored. */
export interface StoredTurn {
  readonly messageId: string;
  readonly parts: readonly MessagePart[];
  readonly isComplete: boolean;
  readonly calls: readonly ToolCallRecord[];
  readonly usage?: UsageRecord | undefined;
  readonly answeredBy?: AnsweredBy | undefined;
}

/** The end of a run as its attempt knows it. */
export interface RunEnding {
  readonly end: RunEnd;
  readonly totals: RunTotals;
  /** The last turn, if it is not stored yet. */
  readonly turn?: StoredTurn | undefined;
  /** Undefined if the attempt has not read its session. */
  readonly sessionLabel?: string | undefined;
}

export interface JournalOptions {
  readonly db: TenantDatabase;
  readonly run: RunRow;
  readonly lease: Lease;
  readonly clock: Clock;
  /** Lets writes wait through faults of the database, so that what the attempt knows is not lost. */
  readonly faults: FaultRetry;
  /** Receives the events of each transaction after its commit. */
  readonly onCommit: (events: readonly NumberedEvent[]) => void;
  readonly onEnd: RunEndHook;
  /** The first message of this attempt, if it was started when the run was accepted. */
  readonly begunMessageId?: string | undefined;
}

/**
 * Everything that one attempt at a run writes. Each transaction passes the fence and stores facts together with their
 * events. Followers receive the events after the commit.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly sessionId: string;
  #begunMessageId: string | undefined;
  /** The model that wrote the last turn of this attempt. */
  #answeredBy: AnsweredBy | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.sessionId = options.run.session_id;
    this.#begunMessageId = options.begunMessageId;
  }

  /** Starts the message that the next model call writes, and returns its id. */
  async startMessage(): Promise<string> {
    const messageId = this.#begunMessageId ?? newId();
    if (this.#begunMessageId === undefined) await this.#publish({ type: "message.started", messageId });
    this.#begunMessageId = undefined;
    return messageId;
  }

  /** Resets a message whose model call did not end. Followers discard the text that they received. */
  resetMessage(messageId: string): Promise<void> {
    return this.#publish({ type: "message.reset", messageId });
  }

  /** Stores the result of a model call: its message, its tool calls and its usage. No tool starts before that. */
  storeTurn(turn: StoredTurn): Promise<Message> {
    return this.#writeToSession(async (queries, session, now) => {
      const { growth, ...written } = await this.#insertTurn(queries, session, turn, now);
      await growSession(queries, this.sessionId, growth, now);
      return written;
    });
  }

  /** Marks messages of which a provider refused something. */
  markRefused(messages: readonly Message[], refused: Refusal): Promise<void> {
    const ids = messages.map(({ id }) => id);
    return this.#writeToSession(async (queries) => {
      await markRefused(queries, ids, refused);
      return NO_EVENTS;
    });
  }

  /** Stores the usage of a model call that produced no message. */
  storeUsage(usage: UsageRecord): Promise<void> {
    return this.#write(async (queries, now) => {
      const id = await insertUsage(queries, this.#options.lease.runId, this.sessionId, usage, now);
      return { ...NO_EVENTS, proof: { table: "usage_records", id } };
    });
  }

  startCall(callId: string): Promise<void> {
    return this.#write(async (queries, now) => {
      await markCallRunning(queries, callId, now);
      return NO_EVENTS;
    });
  }

  storeResult(state: "done" | "unknown", result: ToolResultPart): Promise<void> {
    const { call_id: callId, name, text, is_error: isError } = result;
    return this.#write(async (queries, now) => {
      await storeCallResult(queries, state, result, now);
      return { value: undefined, events: [{ type: "tool.result", callId, name, text, isError }] };
    });
  }

  /** Appends the results of a turn as one message, followed by the gateway's own notes to the model. */
  storeResults(results: readonly ToolResultPart[], notes: readonly string[]): Promise<readonly Message[]> {
    const { runId } = this.#options.lease;
    return this.#writeToSession(async (queries, session, now) => {
      const message = await this.#append(queries, session, { role: "tool", parts: results }, true, now);
      const head = { id: message.id, depth: session ? session.message_count : 0 };
      const options = { sessionId: this.sessionId, runId, now };
      const stored = await appendMessages(queries, head, notes.map(toNote), options);
      await growSession(queries, this.sessionId, { messages: [message, ...stored] }, now);
      return { value: [message, ...stored], events: [], proof: toProof(message) };
    });
  }

  /** Stores a summary of the session's older messages, and the usage of the calls that wrote it. */
  storeSummary(summary: StoredSummary, usage: readonly UsageRecord[]): Promise<void> {
    return this.#writeToSession(async (queries, session, now) => {
      let proof: Proof | undefined;
      for (const record of usage) {
        const id = await insertUsage(queries, this.#options.lease.runId, this.sessionId, record, now);
        proof = { table: "usage_records", id };
      }
      if (session) await storeSummary(queries, session, summary, now);
      return { ...NO_EVENTS, proof };
    });
  }

  /** Appends messages that arrived to steer the run, and returns them. */
  async takeInputs(): Promise<readonly Message[]> {
    const { db, lease } = this.#options;
    // A run has no inputs before its acceptance is durable, so the first model call skips the query.
    if (this.#begunMessageId !== undefined || !(await hasInputs(db.read, lease.runId))) return [];
    return this.#writeToSession(async (queries, _, now) => {
      const value = await consumeInputs(queries, this.sessionId, lease.runId, now);
      return { value, events: [], proof: value[0] && toProof(value[0]) };
    });
  }

  /**
   * Ends the run and stores its last turn in the same transaction. A run that would complete while messages wait to
   * steer it does not end: only the turn is stored and returned.
   */
  async end({ end, totals, turn, sessionLabel }: RunEnding): Promise<EndOutcome> {
    const { run, lease, onCommit, onEnd, clock } = this.#options;
    const now = toTimestamp(clock.now());
    const { value, events } = await this.#store(async (queries): Promise<Stored<EndOutcome>> => {
      const session = await lockSessionById(queries, this.sessionId);
      const last = turn && (await this.#insertTurn(queries, session, turn, now));
      const events = last?.events ?? [];
      const { lastSeq, isSteered, isAwaited } = await lockForEnd(queries, lease, this.sessionId);
      if (isSteered && end.status === "completed") {
        if (last) await growSession(queries, this.sessionId, last.growth, now);
        const reserved = await passFence(queries, lease, events.length);
        const numbered = await insertEvents(queries, lease.runId, reserved, events, now);
        return { value: { isEnded: false, message: last?.value }, events: numbered };
      }
      const release = { runId: lease.runId, session, growth: last?.growth, isAwaited };
      const next = await releaseSession(queries, release, end, now);
      const answeredBy = this.#answeredBy;
      const ending = { run, end, sessionLabel, lease, totals, answeredBy, lastSeq, events, now, onEnd };
      return { value: { isEnded: true, next }, events: await endRun(queries, ending) };
    });
    onCommit(events);
    return value;
  }

  /** Writes everything of a turn except the session's own row. */
  async #insertTurn(
    queries: TenantQueries,
    session: HeldSession | undefined,
    { messageId, parts, isComplete, calls, usage, answeredBy }: StoredTurn,
    now: string,
  ): Promise<WrittenTurn> {
    const { runId } = this.#options.lease;
    this.#answeredBy = answeredBy ?? this.#answeredBy;
    const message = await this.#append(queries, session, { id: messageId, role: "assistant", parts }, isComplete, now);
    await insertToolCalls(queries, runId, messageId, calls, now);
    if (usage) await insertUsage(queries, runId, this.sessionId, usage, now);
    const tokens = { inputTokens: usage?.usage.input_tokens ?? 0, outputTokens: usage?.usage.output_tokens ?? 0 };
    const completed: StoredRunEvent = { type: "message.completed", message, ...(answeredBy && { answeredBy }) };
    const events = [completed, ...calls.map(toCallEvent)];
    return { value: message, events, growth: { messages: [message], ...tokens } };
  }

  async #append(
    queries: TenantQueries,
    session: HeldSession | undefined,
    message: NewMessage & { readonly id?: string },
    isComplete: boolean,
    now: string,
  ): Promise<Message> {
    const options = { sessionId: this.sessionId, runId: this.#options.lease.runId, now, isComplete };
    const [stored] = await appendMessages(queries, session && transcriptHeadOf(session), [message], options);
    return stored as Message;
  }

  #publish(event: StoredRunEvent): Promise<void> {
    return this.#write(async () => ({ value: undefined, events: [event] }));
  }

  /** Locks the session before the run. All code that locks both uses this order, which prevents deadlocks. */
  #writeToSession<Value>(
    unit: (queries: TenantQueries, session: HeldSession | undefined, now: string) => Promise<Written<Value>>,
  ): Promise<Value> {
    return this.#write(async (queries, now) => unit(queries, await lockSessionById(queries, this.sessionId), now));
  }

  // The fence comes last, because the number of events is known only then. If it throws, nothing is committed.
  async #write<Value>(unit: (queries: TenantQueries, now: string) => Promise<Written<Value>>): Promise<Value> {
    const { lease, onCommit, clock } = this.#options;
    const now = toTimestamp(clock.now());
    const { value, events } = await this.#store(async (queries) => {
      const { events, ...written } = await unit(queries, now);
      const lastSeq = await passFence(queries, lease, events.length);
      return { ...written, events: await insertEvents(queries, lease.runId, lastSeq, events, now) };
    });
    onCommit(events);
    return value;
  }

  #store<Value>(unit: (queries: TenantQueries) => Promise<Stored<Value>>): Promise<Stored<Value>> {
    const { db, lease, faults } = this.#options;
    return writeThrough({ db, runId: lease.runId, faults }, unit);
  }
}

/** The outcome of an attempt to end a run. `next` is the run that took over the session. */
export type EndOutcome =
  | { readonly isEnded: true; readonly next: string | undefined }
  | { readonly isEnded: false; readonly message: Message | undefined };

interface Written<Value> {
  readonly value: Value;
  readonly events: readonly StoredRunEvent[];
  readonly proof?: Proof | undefined;
}

interface WrittenTurn extends Written<Message> {
  readonly growth: SessionGrowth;
}

const toNote = (text: string): NewMessage => ({ role: "system", parts: [{ type: "text", text }] });

const toProof = ({ id }: Message): Proof => ({ table: "messages", id });

const NO_EVENTS: Written<void> = { value: undefined, events: [] };

const toCallEvent = ({ id, name, arguments: text, state }: ToolCallRecord): StoredRunEvent => ({
  type: "tool.call",
  callId: id,
  name,
  arguments: text,
  isClient: state === "client",
});
