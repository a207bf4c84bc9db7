import { expect, test } from "bun:test";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createServerSite, startReadyServer, startServer } from "#testing/server-process.ts";

test("a start without the database of a log is refused, and nothing is lost once the database is back", async () => {
  const site = await createServerSite("sqlite");
  const startOnce = async () => {
    const server = await startReadyServer(site);
    server.signal("SIGTERM");
    expect(await server.exited).toBe(0);
  };
  try {
    await startOnce();
    const [file, log] = [join(site.home, "goclaw.db"), join(site.home, "goclaw.db-wal")];
    renameSync(file, `${file}.aside`);
    writeFileSync(log, "what is only in the log");
    const refused = startServer(site);
    expect(await refused.exited).toBeGreaterThan(0);
    expect(refused.errors()).toMatch(/^goclaw: goclaw\.db is missing .*put goclaw\.db back[^\n]*\.\n$/);
    expect([existsSync(file), readFileSync(log, "utf8")]).toEqual([false, "what is only in the log"]);
    renameSync(`${file}.aside`, file);
    rmSync(log);
    await startOnce();
  } finally {
    await site.remove();
  }
}, 30_000);
