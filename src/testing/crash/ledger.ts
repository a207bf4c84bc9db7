import type { TurnPlan } from "#testing/crash/planned-model.ts";

/** Attached without and with an `Idempotency-Key`, and in the background without and with one. */
export type Manner = "plain" | "keyed" | "detached" | "keyed detached";

/** What a client knows of one message that it sent. */
export interface LedgerEntry {
  readonly plan: TurnPlan;
  readonly manner: Manner;
  readonly isStreamed: boolean;
  /** The session to continue; a new one when absent. */
  readonly sessionKey: string | undefined;
  /** The runs that the answers to this message named. */
  readonly runIds: Set<string>;
  /** The server said that it has the message. */
  isAcknowledged: boolean;
  /** The client went away on purpose. */
  hasLeft: boolean;
  /** The answer, when it came whole. */
  answer?: string;
  /** The code of the error that came instead. */
  errorCode?: string;
}

/** What the clients and the one who kills know together. */
export interface Ledger {
  readonly entries: LedgerEntry[];
  readonly kills: Date[];
  /** What clients saw that must not be. */
  readonly violations: string[];
}

export const createLedger = (): Ledger => ({ entries: [], kills: [], violations: [] });
