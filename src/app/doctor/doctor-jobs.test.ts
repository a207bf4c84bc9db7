import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { aUsedSite, examine } from "#app/doctor/doctor-fixture.ts";
import { HOUR } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";

const TIMEOUT = 60_000;

/** Adds a job to the database of a stopped gateway. */
function addJob(home: string, name: string, dueAgo: number, error: string | null): void {
  const database = new Database(join(home, "goclaw.db"));
  const due = new Date(Date.now() - dueAgo).toISOString();
  const dead = error === null ? null : due;
  database
    .query(
      `insert into jobs (id, tenant_id, name, key, payload, run_at, attempt, max_attempts, lease_owner, lease_until,
        must_repeat, error, dead_at, created_at) values (?, ?, ?, null, '{}', ?, 3, 3, null, null, 0, ?, ?, ?)`,
    )
    .run(name, MASTER_TENANT_ID, name, due, error, dead, due);
  database.close();
}

test(
  "the doctor reports jobs that failed at every attempt, with the newest error",
  async () => {
    const site = await aUsedSite();
    addJob(site.home, "older", 2 * HOUR, "Error: first");
    addJob(site.home, "newer", HOUR, "Error: the disk is full");
    const { lines, exitCode } = await examine(site);
    expect(lines).toContain("! jobs       2 failed at every attempt, most recently newer: Error: the disk is full");
    expect(exitCode).toBe(0);
  },
  TIMEOUT,
);

test(
  "the doctor reports jobs that nobody works on",
  async () => {
    const site = await aUsedSite();
    addJob(site.home, "forgotten", HOUR, null);
    const { lines } = await examine(site);
    expect(lines).toContain("! jobs       the oldest has been due for 60 minutes");
  },
  TIMEOUT,
);
