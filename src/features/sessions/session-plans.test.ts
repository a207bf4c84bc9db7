import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { countOf, matchSessions, recentFirst, type SessionFilter } from "#features/sessions/match-sessions.ts";
import { openTestDatabase } from "#testing/test-database.ts";

type Compilable = { compile(): { readonly sql: string; readonly parameters: readonly unknown[] } };

describe("query plans of lists of sessions on SQLite", async () => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-plans-"));
  const { database, dispose } = await openTestDatabase("sqlite", home);
  await database.migrate(new Date());
  const { reports } = database.forTenant(MASTER_TENANT_ID);
  const file = new Database(join(home, "goclaw.db"), { readonly: true });
  afterAll(async () => {
    file.close();
    await dispose();
    rmSync(home, { recursive: true });
  });
  const planOf = (query: Compilable): readonly string[] => {
    const { sql, parameters } = query.compile();
    const rows = file.query(`explain query plan ${sql}`).all(...(parameters as string[]));
    return (rows as { detail: string }[]).map(({ detail }) => detail).filter((step) => /\bsessions\b/.test(step));
  };
  const agentId = newId();

  test.each<[string, string, SessionFilter]>([
    ["sessions_recent (tenant_id=?)", "sessions_user (tenant_id=?)", { text: "" }],
    ["sessions_recent (tenant_id=?)", "sessions_recent (tenant_id=?)", { text: "fox" }],
    ["sessions_recent (tenant_id=?)", "sessions_recent (tenant_id=?)", { text: "", channel: "http" }],
    ["sessions_recent (tenant_id=?)", "sessions_recent (tenant_id=?)", { text: "", agentId }],
    ["sessions_recent (tenant_id=?)", "sessions_recent (tenant_id=?)", { text: "fox", agentId, channel: "http" }],
  ])("of a tenant read %s and count %s alone for %j", (listed, counted, filter) => {
    const matching = matchSessions(reports, reports.selectFrom("sessions"), filter);
    expect(planOf(recentFirst(matching).limit(50))).toEqual([`SEARCH sessions USING INDEX ${listed}`]);
    expect(planOf(countOf(matching))).toEqual([`SEARCH sessions USING COVERING INDEX ${counted}`]);
  });

  test.each<[SessionFilter]>([[{ text: "" }], [{ text: "fox" }], [{ text: "fox", agentId, channel: "http" }]])(
    "of a user visit that user's sessions alone for %j",
    (filter) => {
      const matching = matchSessions(reports, reports.selectFrom("sessions").where("user_id", "=", "ada"), filter);
      for (const plan of [planOf(recentFirst(matching).limit(50)), planOf(countOf(matching))]) {
        expect(plan).toEqual([expect.stringContaining("INDEX sessions_user (tenant_id=? AND user_id=?)")]);
      }
    },
  );
});
