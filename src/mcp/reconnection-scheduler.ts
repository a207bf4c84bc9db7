import type { ReconnectionScheduler } from "@modelcontextprotocol/client";
import { LIMITS } from "#base/limits.ts";

const FIRST_PAUSE_MS = 1_000;

/**
 * Creates the scheduler of one connection's streams. The pauses grow from break to break. That a server asks for shorter
 * ones, or accepts each new stream, changes nothing.
 */
export function createReconnectionScheduler(): ReconnectionScheduler {
  let breaks = 0;
  return (reconnect, wishedMs) => {
    const pause = Math.min(LIMITS.mcpRetryDelayMax, Math.max(wishedMs, FIRST_PAUSE_MS * 2 ** Math.min(breaks++, 10)));
    const timer = setTimeout(reconnect, pause).unref();
    return () => clearTimeout(timer);
  };
}
