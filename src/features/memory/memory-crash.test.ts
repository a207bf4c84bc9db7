import { describe, expect, test } from "bun:test";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;
/** Entries that are acknowledged before the gateway dies. More are under way then. */
const ACKNOWLEDGED = 20;
const WRITERS = 4;

interface Entry {
  readonly path: string;
  readonly chunk_count: number;
}

describe.each([...testDialects()])("a memory on %s", (dialect) => {
  test(
    "has every acknowledged entry after the death of its gateway, and finds exactly what it has",
    async () => {
      const site = await createServerSite(dialect, {});
      const call = async (method: string, path: string, body?: object) => {
        const headers = {
          Authorization: `Bearer ${site.token()}`,
          "X-GoClaw-User-Id": "ada",
          "Content-Type": "application/json",
        };
        const response = await fetch(site.url + path, {
          method,
          headers,
          keepalive: false,
          ...(body && { body: JSON.stringify(body) }),
        });
        return {
          status: response.status,
          body: (await response.json()) as { entries: readonly Entry[]; total: number },
        };
      };
      const first = await startReadyServer(site);
      const acknowledged: string[] = [];
      let next = 0;
      const write = async (): Promise<void> => {
        for (;;) {
          const path = `crash/word${next++}.md`;
          const content = `The entry of ${path}.\n\n${"Several lines that are stored with it.\n".repeat(60)}`;
          const { status } = await call("POST", "/v1/memory", { agent_id: "default", path, content });
          if (status !== 201) return;
          acknowledged.push(path);
          if (acknowledged.length === ACKNOWLEDGED) first.signal("SIGKILL");
        }
      };
      await Promise.allSettled(Array.from({ length: WRITERS }, write));
      await first.exited;

      const second = await startReadyServer(site);
      const stored = (await call("GET", "/v1/memory?path=crash/&limit=200")).body.entries;
      expect(acknowledged.length).toBeGreaterThanOrEqual(ACKNOWLEDGED);
      expect(stored.map(({ path }) => path)).toEqual(expect.arrayContaining(acknowledged));
      const found = (await call("GET", "/v1/memory?q=entry&limit=200")).body.entries;
      expect(found.map(({ path }) => path).toSorted()).toEqual(stored.map(({ path }) => path).toSorted());
      expect(stored.filter(({ chunk_count }) => chunk_count < 2)).toEqual([]);
      second.signal("SIGTERM");
      expect(await second.exited).toBe(0);
      await site.remove();
    },
    TIMEOUT,
  );
});
