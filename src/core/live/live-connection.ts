import type { LogLevel } from "#core/live/log-feed.ts";

/** A lasting connection, on which a caller hears of what happens. Calls over HTTP have none. */
export interface LiveConnection {
  readonly id: string;
  /**
   * Sends the events of a run after a cursor, until its end. Does nothing if they are being sent already. Resolves when
   * the last one is sent, or when the connection or the subscription ends.
   */
  showRun(runId: string, after: string): Promise<void>;
  /** Sends them after the answer of the present call, whether or not they are being sent already. */
  restartRun(runId: string, after: string): void;
  hideRun(runId: string): void;
  /** Sends the events of every run that begins in a session from now on. */
  showSession(key: string): void;
  hideSession(key: string): void;
  /** Sends the lines of the log from now on, and the latest ones. */
  showLog(level: LogLevel): void;
  hideLog(): void;
  /** Keeps the connection open for this long although its client is a stranger, who waits to be let in. */
  keepOpen(milliseconds: number): void;
}
