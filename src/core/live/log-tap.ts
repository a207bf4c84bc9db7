import { isRecord } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { LOG_LEVELS, type LogEntry, type LogFeed, type LogLevel } from "#core/live/log-feed.ts";

interface Listener {
  readonly least: number;
  readonly receive: (entry: LogEntry) => void;
}

/** Keeps the latest lines of the log as they are written. Parses them only while somebody reads. */
export class LogTap implements LogFeed {
  readonly #lines: string[] = [];
  readonly #listeners = new Set<Listener>();

  /** Takes a line of JSON, as pino writes it. */
  write = (line: string): void => {
    this.#lines.push(line);
    if (this.#lines.length > LIMITS.logLines) this.#lines.shift();
    if (this.#listeners.size === 0) return;
    const entry = toEntry(line);
    if (entry) for (const listener of this.#listeners) pass(entry, listener);
  };

  subscribe(level: LogLevel, receive: (entry: LogEntry) => void): () => void {
    const listener = { least: LOG_LEVELS.indexOf(level), receive };
    for (const entry of this.#lines.map(toEntry)) if (entry) pass(entry, listener);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function pass(entry: LogEntry, { least, receive }: Listener): void {
  if (LOG_LEVELS.indexOf(entry.level) >= least) receive(entry);
}

/** The numbers that pino gives to levels. */
const BY_NUMBER: ReadonlyMap<unknown, LogLevel> = new Map([
  [20, "debug"],
  [30, "info"],
  [40, "warn"],
  [50, "error"],
  [60, "error"],
]);
const SECRET_NAME = /key|token|secret|password|dsn|credential|authorization|cookie/i;

function toEntry(line: string): LogEntry | undefined {
  const { level: number, time, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const level = BY_NUMBER.get(number);
  if (!level) return undefined;
  const attrs = mask(rest) as Record<string, unknown>;
  return {
    timestamp: Date.parse(String(time)),
    level,
    message: typeof msg === "string" ? msg : "",
    ...(Object.keys(attrs).length > 0 && { attrs }),
  };
}

function mask(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mask);
  if (!isRecord(value)) return value;
  const shown = ([name, part]: [string, unknown]) => [name, SECRET_NAME.test(name) ? "***" : mask(part)];
  return Object.fromEntries(Object.entries(value).map(shown));
}
