import { GrowingText } from "#runtime/live/growing-text.ts";
import type { AnsweredBy, NumberedEvent, ProgressEvent, RunError } from "#runtime/runs/index.ts";
import { type Cursor, isTerminal } from "#runtime/runs/index.ts";

/** A message that the model is writing. Its text is stored only when it is complete. */
export interface LiveMessage {
  readonly messageId: string;
  /** The number of its `message.started` event. */
  readonly seq: number;
  readonly text: GrowingText;
  readonly reasoning: GrowingText;
  /** Undefined before the answer begins. */
  answeredBy: AnsweredBy | undefined;
}

/** The progress of a tool call, with the number of the report that told it. */
export interface LiveProgress {
  readonly report: number;
  readonly event: ProgressEvent;
}

/** A listener that is woken when a run changes. */
export interface LiveListener {
  /** True if what is never stored wakes the listener too: new text and the progress of tools. */
  readonly wantsText: boolean;
  wake(): void;
}

/**
 * A run in this process's memory: the stored events since this process took it, and the message in progress. Followers
 * pull from it at their own pace, so a slow follower costs no memory and delays no other.
 */
export class LiveRun {
  readonly runId: string;
  /** The id of the request that started the run. Undefined if another process received it. */
  readonly requestId: string | undefined;
  readonly #firstSeq: number;
  readonly #events: NumberedEvent[] = [];
  readonly #early = new Map<number, NumberedEvent>();
  readonly #controller = new AbortController();
  #current: LiveMessage | undefined;
  /** The latest progress of each tool call under way, by the call's id. The latest report comes last. */
  readonly #progress = new Map<string, LiveProgress>();
  #reports = 0;
  readonly #listeners = new Set<LiveListener>();
  #isOver = false;
  #attachedFollowers = 0;

  constructor(runId: string, lastSeq: number, requestId?: string) {
    this.runId = runId;
    this.requestId = requestId;
    this.#firstSeq = lastSeq + 1;
  }

  /** Aborts when the run has to stop. The reason is a `RunStop`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The number of the last event here. */
  get lastSeq(): number {
    return this.#firstSeq + this.#events.length - 1;
  }

  get current(): LiveMessage | undefined {
    return this.#current;
  }

  /** True after this process has released the run, whether or not the run has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  stop(reason: RunStop): void {
    this.#controller.abort(reason);
  }

  /** Publishes committed events in order of their numbers. An event that arrives early waits for its predecessors. */
  commit(events: readonly NumberedEvent[]): void {
    for (const event of events) this.#early.set(event.seq, event);
    for (let event = this.#takeNext(); event; event = this.#takeNext()) this.#publish(event);
    this.#wake();
  }

  #takeNext(): NumberedEvent | undefined {
    const seq = this.#firstSeq + this.#events.length;
    const event = this.#early.get(seq);
    this.#early.delete(seq);
    return event;
  }

  #publish(event: NumberedEvent): void {
    this.#events.push(event);
    if (event.type === "tool.result") this.#progress.delete(event.callId);
    if (event.type === "message.started") {
      const { messageId, seq } = event;
      const [text, reasoning] = [new GrowingText(), new GrowingText()];
      this.#current = { messageId, seq, text, reasoning, answeredBy: undefined };
    } else if (event.type === "message.completed" || event.type === "message.reset" || isTerminal(event)) {
      this.#current = undefined;
    }
  }

  /** Says which model writes the message in progress. */
  answering(by: AnsweredBy): void {
    if (this.#current) this.#current.answeredBy = by;
  }

  appendText(text: string): void {
    this.#current?.text.append(text);
    this.#wakeTextListeners();
  }

  appendReasoning(text: string): void {
    this.#current?.reasoning.append(text);
    this.#wakeTextListeners();
  }

  reportProgress(event: ProgressEvent): void {
    this.#progress.delete(event.callId);
    this.#progress.set(event.callId, { report: ++this.#reports, event });
    this.#wakeTextListeners();
  }

  /** Returns the oldest progress that was reported after `report`. */
  progressAfter(report: number): LiveProgress | undefined {
    for (const progress of this.#progress.values()) if (progress.report > report) return progress;
    return undefined;
  }

  release(): void {
    this.#isOver = true;
    this.#wake();
  }

  /**
   * Returns the events after `cursor`. Returns undefined if older events are missing here and must be read from the
   * database.
   */
  eventsAfter({ seq }: Cursor): readonly NumberedEvent[] | undefined {
    return seq + 1 < this.#firstSeq ? undefined : this.#events.slice(seq + 1 - this.#firstSeq);
  }

  /** Wakes the listener at every change, until `unlisten()`. */
  listen(listener: LiveListener): void {
    this.#listeners.add(listener);
  }

  unlisten(listener: LiveListener): void {
    this.#listeners.delete(listener);
  }

  /**
   * Counts a client that waits for this run. The returned function removes it and returns true if it was the last one.
   */
  attach(): () => boolean {
    this.#attachedFollowers++;
    return () => --this.#attachedFollowers === 0;
  }

  #wake(): void {
    for (const listener of this.#listeners) listener.wake();
  }

  #wakeTextListeners(): void {
    for (const listener of this.#listeners) if (listener.wantsText) listener.wake();
  }
}

/** The reason why a run has to stop before its end. */
export type RunStop =
  | { readonly kind: "cancelled"; readonly reason: string }
  | { readonly kind: "timeout" }
  /** The run lost the right to go on. */
  | { readonly kind: "refused"; readonly error: RunError }
  /** This process stops. A resumable run is released, so the next owner can continue it. */
  | { readonly kind: "drained" };
