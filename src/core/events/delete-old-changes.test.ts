import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MINUTE } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { deleteOldChanges } from "#core/events/delete-old-changes.ts";
import { databaseTime } from "#db/database-time.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("the changes that nodes share on %s", async (dialect) => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-changes-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  await database.migrate(new Date());
  const system = database.system("a test of changes");
  afterAll(async () => {
    await dispose();
    rmSync(home, { recursive: true });
  });

  test("are deleted after an hour by the database's time", async () => {
    const tenant = { id: MASTER_TENANT_ID, name: "m", slug: "m", status: "active" as const, settings: "{}" };
    await system.write(async (queries) => {
      await queries
        .insertInto("tenants")
        .values({ ...tenant, created_at: "x", updated_at: "x" })
        .execute();
      for (const minutes of [59, 61]) {
        const created_at = databaseTime(dialect, -minutes * MINUTE);
        const row = { id: `${minutes}`, tenant_id: MASTER_TENANT_ID, node: "n1:b1", event: "{}", created_at };
        await queries.insertInto("domain_events").values(row).execute();
      }
    });
    await deleteOldChanges(system);
    const left = await system.read.selectFrom("domain_events").select("id").execute();
    expect(left.map(({ id }) => id)).toEqual(["59"]);
  });
});
