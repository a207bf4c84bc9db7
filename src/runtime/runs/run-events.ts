import type { RunError } from "#runtime/runs/run-error.ts";
import type { RunFinish, Usage } from "#runtime/runs/run-schema.ts";
import type { Message } from "#runtime/transcript/index.ts";

/** The model that answered a call. */
export interface AnsweredBy {
  /** The name of the provider's row. */
  readonly provider: string;
  readonly model: string;
  /** Set if the model cannot call tools, so it received none. */
  readonly withoutTools?: true;
}

/** The stored events of a run. Each is written in the transaction that stores the fact it reports. */
export type StoredRunEvent =
  | { readonly type: "run.queued" }
  | { readonly type: "run.started"; readonly attempt: number }
  | { readonly type: "message.started"; readonly messageId: string }
  | { readonly type: "message.reset"; readonly messageId: string }
  | {
      readonly type: "message.completed";
      readonly message: Message;
      readonly answeredBy?: AnsweredBy;
    }
  | {
      readonly type: "tool.call";
      readonly callId: string;
      readonly name: string;
      readonly arguments: string;
      readonly isClient: boolean;
    }
  | {
      readonly type: "tool.result";
      readonly callId: string;
      readonly name: string;
      readonly text: string;
      readonly isError: boolean;
    }
  | { readonly type: "run.completed"; readonly finish: RunFinish; readonly usage: Usage }
  | { readonly type: "run.failed"; readonly error: RunError; readonly usage: Usage }
  | { readonly type: "run.cancelled"; readonly reason: string; readonly usage: Usage };

/** A piece of streamed text, which is never stored. `offset` is its start in the message, in UTF-16 code units. */
export type DeltaEvent =
  | {
      readonly type: "text.delta";
      readonly messageId: string;
      readonly offset: number;
      readonly text: string;
      /** Sent with the first text of a message. */
      readonly answeredBy?: AnsweredBy;
    }
  | { readonly type: "reasoning.delta"; readonly messageId: string; readonly offset: number; readonly text: string };

/** How far a tool call has come, as the tool says. */
export interface ToolProgress {
  /** Grows while the call is under way. */
  readonly progress: number;
  /** What `progress` will be at the end, if the tool knows. */
  readonly total?: number;
  readonly message?: string;
}

/** The progress of a tool call under way, which is never stored. A slow follower receives the latest alone. */
export interface ProgressEvent extends ToolProgress {
  readonly type: "tool.progress";
  readonly callId: string;
  readonly name: string;
}

export type RunEvent = StoredRunEvent | DeltaEvent | ProgressEvent;

export type Sequenced<Event extends RunEvent> = Event & { readonly seq: number };

/** An event together with the cursor that resumes right after it. */
export interface FollowedEvent {
  readonly event: Sequenced<RunEvent>;
  readonly cursor: string;
  /** The character before a piece of text, if the follower begins in the middle of a message. */
  readonly before?: string;
}

export const isTerminal = (event: RunEvent): boolean =>
  event.type === "run.completed" || event.type === "run.failed" || event.type === "run.cancelled";

/**
 * A position in a run's events: after the event `seq` and after `offset` UTF-16 code units of the message it started.
 */
export interface Cursor {
  readonly seq: number;
  readonly offset: number;
}

export const START: Cursor = { seq: 0, offset: 0 };

/** Parses `<seq>` or `<seq>:<offset>`. Returns undefined for any other text. */
export function parseCursor(text: string): Cursor | undefined {
  const match = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(text);
  return match ? { seq: Number(match[1]), offset: Number(match[2] ?? 0) } : undefined;
}

export const formatCursor = ({ seq, offset }: Cursor): string => (offset > 0 ? `${seq}:${offset}` : String(seq));
