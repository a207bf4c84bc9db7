import { defineService } from "#core/service.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line of the gateway's log. */
export interface LogEntry {
  /** In milliseconds since 1970. */
  readonly timestamp: number;
  readonly level: LogLevel;
  readonly message: string;
  /** Values under names of secrets are replaced. */
  readonly attrs?: Readonly<Record<string, unknown>>;
}

/** Shows the log of this process to those who ask for it. */
export interface LogFeed {
  /** Passes on the latest lines of at least this level, and then each further one. Returns the end of it. */
  subscribe(level: LogLevel, receive: (entry: LogEntry) => void): () => void;
}

export const logFeed = defineService<LogFeed>("log-feed");
