import { type Clock, toTimestamp } from "#base/clock.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { appendMessages } from "#runtime/append-messages.ts";
import { type RunEnd, type RunTotals, toEndEvent, writeRunEnd } from "#runtime/end-run.ts";
import { type Lease, passFence } from "#runtime/lease.ts";
import type { LiveRun } from "#runtime/live-run.ts";
import type { Message, MessagePart, NewMessage, ToolResultPart } from "#runtime/message-parts.ts";
import type { StoredRunEvent } from "#runtime/run-events.ts";
import { consumeInputs, hasInputs } from "#runtime/run-inputs.ts";
import { findHead, growSession, lockSessionById } from "#runtime/session-store.ts";
import { insertToolCalls, markCallRunning, storeCallResult, type ToolCallRecord } from "#runtime/tool-call-store.ts";
import { insertUsage, type UsageRecord } from "#runtime/usage-store.ts";
import { insertEvents } from "#runtime/write-events.ts";

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
}

/**
 * Everything that one attempt at a run writes. Each write passes the fence, stores its facts with the events that tell
 * them in one transaction, and is shown to followers after the commit.
 */
export class Journal {
  readonly #options: JournalOptions;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  startMessage(messageId: string): Promise<void> {
    return this.#tell({ type: "message.started", messageId });
  }

  /** A model call that had not ended when its process died: what was streamed of it does not count. */
  resetMessage(messageId: string): Promise<void> {
    return this.#tell({ type: "message.reset", messageId });
  }

  /** The end of a model call: its message, the calls it makes, and what it used, before any of its tools starts. */
  async storeTurn({ messageId, parts, isComplete, calls, usage }: StoredTurn): Promise<Message> {
    const { sessionId, lease, clock } = this.#options;
    const now = toTimestamp(clock.now());
    return this.#write(1 + calls.length, async (queries) => {
      const message = await this.#append(queries, { id: messageId, role: "assistant", parts }, isComplete, now);
      await insertToolCalls(queries, lease.runId, messageId, calls, now);
      if (usage) await insertUsage(queries, lease.runId, sessionId, usage, now);
      const tokens = { inputTokens: usage?.usage.input_tokens ?? 0, outputTokens: usage?.usage.output_tokens ?? 0 };
      await growSession(queries, sessionId, { messages: [message], ...tokens }, now);
      return { value: message, events: [{ type: "message.completed", message }, ...calls.map(toCallEvent)] };
    });
  }

  /** Usage of a model call that gave no message. */
  storeUsage(usage: UsageRecord): Promise<void> {
    const { sessionId, lease, clock } = this.#options;
    return this.#write(0, async (queries) => {
      await insertUsage(queries, lease.runId, sessionId, usage, toTimestamp(clock.now()));
      return NOTHING_TO_TELL;
    });
  }

  startCall(callId: string): Promise<void> {
    return this.#write(0, async (queries) => {
      await markCallRunning(queries, callId, this.#options.clock.now());
      return NOTHING_TO_TELL;
    });
  }

  storeResult(state: "done" | "unknown", result: ToolResultPart): Promise<void> {
    const { call_id: callId, name, text, is_error: isError } = result;
    return this.#write(1, async (queries) => {
      await storeCallResult(queries, state, result, this.#options.clock.now());
      return { value: undefined, events: [{ type: "tool.result", callId, name, text, isError }] };
    });
  }

  /** The results of a turn's calls as one message, once all of them are there. */
  async storeResults(results: readonly ToolResultPart[]): Promise<Message> {
    const { sessionId, clock } = this.#options;
    const now = toTimestamp(clock.now());
    return this.#write(0, async (queries) => {
      const message = await this.#append(queries, { role: "tool", parts: results }, true, now);
      await growSession(queries, sessionId, { messages: [message] }, now);
      return { value: message, events: [] };
    });
  }

  /** Messages that came to steer the run and have now joined its transcript. */
  async takeInputs(): Promise<readonly Message[]> {
    const { db, lease, sessionId, clock } = this.#options;
    if (!(await hasInputs(db.read, lease.runId))) return [];
    return this.#write(0, async (queries) => ({
      value: await consumeInputs(queries, sessionId, lease.runId, toTimestamp(clock.now())),
      events: [],
    }));
  }

  /**
   * Ends the run, unless it would complete while somebody still steers it: then nothing is written.
   * The id of the session's next run, if any, comes back with the answer.
   */
  async end(
    end: RunEnd,
    totals: RunTotals,
  ): Promise<{ readonly isEnded: boolean; readonly next?: string | undefined }> {
    const { db, lease, live, sessionId, clock } = this.#options;
    const now = clock.now();
    const outcome = await db.write(async (queries) => {
      // The session before the run, as everyone who takes both: a message that steers holds the session's lock.
      await lockSessionById(queries, sessionId);
      if (end.status === "completed" && (await hasInputs(queries, lease.runId))) return undefined;
      const lastSeq = await passFence(queries, lease, 1);
      const next = await writeRunEnd(queries, lease.runId, sessionId, end, totals, now);
      return {
        next,
        events: await insertEvents(queries, lease.runId, lastSeq, [toEndEvent(end, totals)], toTimestamp(now)),
      };
    });
    if (!outcome) return { isEnded: false };
    live.commit(outcome.events);
    return { isEnded: true, next: outcome.next };
  }

  async #append(
    queries: TenantQueries,
    message: NewMessage & { readonly id?: string },
    isComplete: boolean,
    now: string,
  ): Promise<Message> {
    const { sessionId, lease } = this.#options;
    const session = await lockSessionById(queries, sessionId);
    const head = session?.head_id ? await findHead(queries, session.head_id) : undefined;
    const options = { sessionId, runId: lease.runId, now, isComplete };
    const [stored] = await appendMessages(queries, head, [message], options);
    return stored as Message;
  }

  async #tell(event: StoredRunEvent): Promise<void> {
    await this.#write(1, async () => ({ value: undefined, events: [event] }));
  }

  async #write<Value>(eventCount: number, unit: (queries: TenantQueries) => Promise<Told<Value>>): Promise<Value> {
    const { db, lease, live, clock } = this.#options;
    const { value, numbered } = await db.write(async (queries) => {
      const lastSeq = await passFence(queries, lease, eventCount);
      const { value, events } = await unit(queries);
      return { value, numbered: await insertEvents(queries, lease.runId, lastSeq, events, toTimestamp(clock.now())) };
    });
    live.commit(numbered);
    return value;
  }
}

interface Told<Value> {
  readonly value: Value;
  readonly events: readonly StoredRunEvent[];
}

const NOTHING_TO_TELL: Told<void> = { value: undefined, events: [] };

const toCallEvent = ({ id, name, arguments: text, state }: ToolCallRecord): StoredRunEvent => ({
  type: "tool.call",
  callId: id,
  name,
  arguments: text,
  isClient: state === "client",
});
