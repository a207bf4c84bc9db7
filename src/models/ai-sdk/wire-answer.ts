import type { ModelUsage } from "#models/language-model.ts";

export type WireEvent = Readonly<Record<string, unknown>>;

/** Follows one answer in one wire format, ahead of the SDK, which refuses an answer for any event it does not know. */
export interface WireAnswer {
  /** What has been reported so far. */
  readonly usage: ModelUsage | undefined;
  /** Whether the model is said to have stopped: the answer is whole, and only its usage or last mark may come. */
  readonly hasFinished: boolean;
  /** The event as the SDK takes it; undefined when there is nothing in it for us. */
  take(event: WireEvent): WireEvent | undefined;
  /** The last mark that the SDK waits for, where a whole answer ends without it. */
  findMissingEnd(): WireEvent | undefined;
}
