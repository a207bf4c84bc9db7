import pino from "pino";
import { createScrubber } from "#base/scrub-credentials.ts";

/**
 * Structured logger. Pass an object with ids first and a short sentence second.
 * Never log a secret, a prompt or a query string.
 */
export type Logger = pino.Logger;

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";

/** Creates a logger that writes JSON lines to standard error. Standard output stays free for the output of commands. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: describeError } },
    pino.destination({ dest: 2, sync: true }),
  );
}

const SCRUBBER = createScrubber({ usesPatterns: true, secrets: [] });

/**
 * Returns name, message and stack of an error and of its causes, without text that is shaped like a credential. Drops
 * other properties, which may hold secrets.
 */
export function describeError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return SCRUBBER.scrub(String(thrown), []);
  return {
    name: thrown.name,
    message: SCRUBBER.scrub(thrown.message, []),
    stack: SCRUBBER.scrub(thrown.stack ?? "", []),
    ...(thrown.cause !== undefined && { cause: describeError(thrown.cause) }),
  };
}
