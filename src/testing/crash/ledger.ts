import type { TurnPlan } from "#testing/crash/planned-model.ts";

/** How a message is sent: as a chat or as a detached run, each without or with an `Idempotency-Key`. */
export type SendMode = "plain" | "keyed" | "detached" | "keyed detached";

/** A client's record of one message that it sent. */
export interface LedgerEntry {
  readonly plan: TurnPlan;
  readonly mode: SendMode;
  readonly isStreamed: boolean;
  /** The session to continue. If undefined, the gateway creates a new one. */
  readonly sessionKey: string | undefined;
  /** The run ids in the answers to this message. */
  readonly runIds: Set<string>;
  /** Whether the server acknowledged the message. */
  isAcknowledged: boolean;
  /** Whether the client disconnected on purpose. */
  hasDisconnected: boolean;
  /** The answer, if it arrived completely. */
  answer?: string;
  /** The code of the error that arrived instead of an answer. */
  errorCode?: string;
}

/** The combined records of the clients and the killer. */
export interface Ledger {
  readonly entries: LedgerEntry[];
  readonly kills: Date[];
  /** Violations that clients observed. */
  readonly violations: string[];
}

export const createLedger = (): Ledger => ({ entries: [], kills: [], violations: [] });
