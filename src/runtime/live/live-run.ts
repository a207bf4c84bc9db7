import { GrowingText } from "#runtime/live/growing-text.ts";
import type { NumberedEvent } from "#runtime/runs/index.ts";
import { type Cursor, isTerminal } from "#runtime/runs/index.ts";

/** A message while the model writes it. Its text is nowhere else until it is complete. */
export interface LiveMessage {
  readonly messageId: string;
  /** The number of its `message.started`. */
  readonly seq: number;
  readonly text: GrowingText;
  readonly reasoning: GrowingText;
}

/** Somebody who follows a run. */
export interface LiveListener {
  /** Whether the text under way is of interest, or only what is stored. */
  readonly wantsText: boolean;
  wake(): void;
}

/**
 * A run that this process works on, as its followers see it: the stored events of this attempt and the message under
 * way. Followers pull from it at their own pace, so that a slow one costs no memory and holds nobody up.
 */
export class LiveRun {
  readonly runId: string;
  /** The request that asked for the run, where it came to this process. */
  readonly requestId: string | undefined;
  readonly #firstSeq: number;
  readonly #events: NumberedEvent[] = [];
  readonly #early = new Map<number, NumberedEvent>();
  readonly #controller = new AbortController();
  #current: LiveMessage | undefined;
  readonly #listeners = new Set<LiveListener>();
  #isOver = false;
  #attachedFollowers = 0;

  constructor(runId: string, lastSeq: number, requestId?: string) {
    this.runId = runId;
    this.requestId = requestId;
    this.#firstSeq = lastSeq + 1;
  }

  /** Aborts when the run has to stop; its reason is a `RunStop`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get current(): LiveMessage | undefined {
    return this.#current;
  }

  /** True when this process has let go of the run, ended or not. */
  get isOver(): boolean {
    return this.#isOver;
  }

  stop(reason: RunStop): void {
    this.#controller.abort(reason);
  }

  /** Shows events that are committed. Of two commits at the same time we may hear of the later one first: it waits. */
  commit(events: readonly NumberedEvent[]): void {
    for (const event of events) this.#early.set(event.seq, event);
    for (let event = this.#takeNext(); event; event = this.#takeNext()) this.#show(event);
    this.#wake();
  }

  #takeNext(): NumberedEvent | undefined {
    const seq = this.#firstSeq + this.#events.length;
    const event = this.#early.get(seq);
    this.#early.delete(seq);
    return event;
  }

  #show(event: NumberedEvent): void {
    this.#events.push(event);
    if (event.type === "message.started") {
      const { messageId, seq } = event;
      this.#current = { messageId, seq, text: new GrowingText(), reasoning: new GrowingText() };
    } else if (event.type === "message.completed" || event.type === "message.reset" || isTerminal(event)) {
      this.#current = undefined;
    }
  }

  appendText(text: string): void {
    this.#current?.text.append(text);
    this.#wakeTextListeners();
  }

  appendReasoning(text: string): void {
    this.#current?.reasoning.append(text);
    this.#wakeTextListeners();
  }

  release(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** The events after `cursor`, or undefined when they begin before this attempt and have to be read. */
  eventsAfter({ seq }: Cursor): readonly NumberedEvent[] | undefined {
    return seq + 1 < this.#firstSeq ? undefined : this.#events.slice(seq + 1 - this.#firstSeq);
  }

  /** Wakes the listener at every change, until `unlisten`. */
  listen(listener: LiveListener): void {
    this.#listeners.add(listener);
  }

  unlisten(listener: LiveListener): void {
    this.#listeners.delete(listener);
  }

  /** Counts a client that waits for this run; the returned function takes it back and tells whether it was the last. */
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

/** Why a run has to stop before its end. */
export type RunStop =
  | { readonly kind: "cancelled"; readonly reason: string }
  | { readonly kind: "timeout" }
  /** The process leaves: a run that can be resumed is let go of, so that the next owner goes on with it. */
  | { readonly kind: "drained" };
