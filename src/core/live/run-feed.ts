import type { Context } from "#core/context.ts";
import { defineService } from "#core/service.ts";

/** An event of a run, ready to be sent. */
export interface RunFrame {
  readonly event: string;
  /** JSON. */
  readonly payload: string;
}

/** `goclaw`: the names of GoClaw's protocol v3. `operations`: the gateway's own events, as its routes send them. */
export const DIALECTS = ["goclaw", "operations"] as const;
export type Dialect = (typeof DIALECTS)[number];

export interface RunFeedOptions {
  readonly runId: string;
  /** A cursor. The empty text is the beginning. */
  readonly after: string;
  readonly dialect: Dialect;
  readonly signal: AbortSignal;
}

/** Follows runs for connections. */
export interface RunFeed {
  /** Yields the events of a run after a cursor, until its end, as fast as they are read. Throws NOT_FOUND. */
  follow(ctx: Context, options: RunFeedOptions): AsyncIterable<RunFrame>;
}

export const runFeed = defineService<RunFeed>("run-feed");
