import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { FeedEvent, InputOf } from "#client/index.ts";
import { GoClawError } from "#client/index.ts";
import { useGateway } from "#web/live/gateway.tsx";

export type LogLevel = NonNullable<InputOf<"gateway.log">["level"]>;

export interface LogLine {
  /** Counts the lines of this page. */
  readonly number: number;
  readonly timestamp: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** More lines would only cost memory: the file of the log has them all. */
const MOST = 2_000;
/** Lines that come within this time appear together, in milliseconds. */
const PAUSE_MS = 200;

export interface Log {
  /** The newest first. */
  readonly lines: readonly LogLine[];
  /** How many lines are held back. */
  readonly waiting: number;
  readonly error: GoClawError | undefined;
  clear(): void;
  retry(): void;
}

/** Follows the log of the gateway for as long as the page shows it. Lines that are held back are shown later. */
export function useLog(level: LogLevel, isHeld: boolean): Log {
  const { connection } = useGateway();
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [waiting, setWaiting] = useState(0);
  const [error, setError] = useState<GoClawError>();
  const [attempt, setAttempt] = useState(0);
  const held = useRef<LogLine[]>([]);
  const count = useRef(0);

  const show = useEffectEvent(() => {
    if (isHeld) return setWaiting(held.current.length);
    const fresh = held.current.splice(0).reverse();
    setWaiting(0);
    if (fresh.length > 0) setLines((before) => [...fresh, ...before].slice(0, MOST));
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines that waited are shown when the pause ends
  useEffect(() => show(), [isHeld]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt begins anew
  useEffect(() => {
    const end = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const empty = () => {
      held.current = [];
      setLines([]);
      setWaiting(0);
    };
    const start = () => {
      connection.call("gateway.log", { action: "start", level }).catch((thrown: unknown) => {
        if (thrown instanceof GoClawError && !end.signal.aborted) setError(thrown);
      });
    };
    const take = (event: FeedEvent) => {
      count.current += 1;
      held.current.push(toLine(event, count.current));
      if (held.current.length > MOST) held.current.shift();
      timer ??= setTimeout(() => {
        timer = undefined;
        show();
      }, PAUSE_MS);
    };
    const follow = async () => {
      for await (const event of connection.events({ signal: end.signal })) {
        if (event.type === "log") take(event);
        // A new connection follows nothing yet, and sends the latest lines again.
        if (event.type === "feed.reset") {
          empty();
          start();
        }
      }
    };
    empty();
    setError(undefined);
    // The page leaves when the connection ends for good.
    follow().catch(() => {});
    start();
    return () => {
      end.abort();
      clearTimeout(timer);
      connection.call("gateway.log", { action: "stop" }).catch(() => {});
    };
  }, [connection, level, attempt]);

  return {
    lines,
    waiting,
    error,
    retry: () => setAttempt(attempt + 1),
    clear() {
      held.current = [];
      setLines([]);
      setWaiting(0);
    },
  };
}

const toLine = ({ timestamp, level, message, attrs }: FeedEvent, number: number): LogLine => ({
  number,
  timestamp: Number(timestamp),
  level: level as LogLevel,
  message: String(message),
  attrs: (attrs ?? {}) as LogLine["attrs"],
});
