import pino from "pino";
import { createScrubber } from "#base/scrub-credentials.ts";

/**
 * Structured logger. Pass an object with ids first and a short sentence second.
 * Never log a secret, a prompt or a query string.
 */
export type Logger = pino.Logger;

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";

/**
 * Creates a logger that writes JSON lines to standard error. Standard output stays free for the output of commands.
 * `tap` gets each line too.
 */
export function createLogger(level: LogLevel, tap: (line: string) => void = () => {}): Logger {
  const errors = pino.destination({ dest: 2, sync: true });
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: describeError } },
    {
      write(line: string) {
        errors.write(line);
        tap(line);
      },
    },
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
