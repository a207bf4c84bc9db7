import { afterAll, describe, expect, test } from "bun:test";
import pg from "pg";
import { listenForNotices } from "#db/dialects/postgres/listen-for-notices.ts";
import { NOTICES } from "#db/notices.ts";
import { createTestDatabase, testDialects } from "#testing/test-database.ts";

describe.each(testDialects().filter((dialect) => dialect === "postgres"))("listening on %s", async () => {
  const { url = "", drop } = await createTestDatabase("postgres");
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  const received: string[] = [];
  const close = listenForNotices({
    url,
    onNotice: (sender) => received.push(sender),
    onGap: () => received.push("gap"),
    onError: () => received.push("lost"),
  });
  afterAll(async () => {
    await close();
    await admin.end();
    await drop();
  });
  const listeners = async () => {
    const { rows } = await admin.query("select pid from pg_stat_activity where query like 'listen %'");
    return rows.map(({ pid }) => pid as number);
  };
  const untilHeard = async (text: string) => {
    for (; received.at(-1) !== text; await Bun.sleep(10))
      await admin.query("select pg_notify($1, $2)", [NOTICES, text]);
  };

  test("receives notices, and says that some may be missing after its connection was lost", async () => {
    await untilHeard("a");
    for (const pid of await listeners()) await admin.query("select pg_terminate_backend($1)", [pid]);
    await untilHeard("b");
    expect(received.filter((entry) => entry === "gap" || entry === "lost")).toEqual(["lost", "gap"]);
  });
});
