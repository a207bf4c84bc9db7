import type { ModelUsage } from "#models/language-model.ts";

export type WireEvent = Readonly<Record<string, unknown>>;

/**
 * Tracks one answer in one wire format before the SDK parses it. Removes unknown events, because the SDK rejects an
 * answer that contains one.
 */
export interface WireAnswer {
  /** The usage reported so far. */
  readonly usage: ModelUsage | undefined;
  /** Whether the model has stopped. The answer is then complete; only usage or the end event may follow. */
  readonly hasFinished: boolean;
  /** Returns the event in the form that the SDK accepts, or undefined if the event is not needed. */
  take(event: WireEvent): WireEvent | undefined;
  /** Returns the end event that the SDK requires if a complete answer arrived without it. */
  findMissingEnd(): WireEvent | undefined;
}
