import pino from "pino";

/** Structured logging: an object with ids first, a short sentence second. Never a secret, a prompt or a query string. */
export type Logger = pino.Logger;

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";

/** Writes JSON lines to standard error, so that standard output stays free for what a command prints. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: describeError } },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** Name, message and stack of an error and of its causes; nothing else that may hang on it. */
function describeError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return String(thrown);
  return {
    name: thrown.name,
    message: thrown.message,
    stack: thrown.stack,
    ...(thrown.cause !== undefined && { cause: describeError(thrown.cause) }),
  };
}
