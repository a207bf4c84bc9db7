import type { QueryClient } from "@tanstack/react-query";
import type { Connection } from "#client/index.ts";
import { affectedReads } from "#web/live/affected-reads.ts";
import { familyOf } from "#web/live/query-key.ts";

/** How long changes are collected before what they concern is read again, in milliseconds. */
const PAUSE_MS = 400;

/**
 * Keeps the cache fresh until the connection ends. An event makes what it concerns stale, and what is on screen of that
 * is read again. Many events within a short time cause one reading.
 */
export async function followEvents(connection: Connection, queries: QueryClient): Promise<void> {
  const stale = new Set<string>();
  const renew = () => {
    const reads = new Set(stale);
    stale.clear();
    const isStale = (name: string) => reads.has(name) || reads.has(familyOf(name));
    void queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => isStale(String(name)) });
  };
  for await (const { type } of connection.events()) {
    if (type === "feed.reset") void queries.invalidateQueries();
    // Events of runs go to those who follow the run. The run itself is told of by others.
    else if (!type.startsWith("run:")) {
      if (stale.size === 0) setTimeout(renew, PAUSE_MS);
      for (const read of affectedReads(type)) stale.add(read);
    }
  }
}
