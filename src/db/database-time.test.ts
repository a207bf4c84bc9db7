import { expect, test } from "bun:test";
import { sql } from "kysely";
import { databaseTime } from "#db/database-time.ts";
import { openForExpressions } from "#testing/expression-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

test.each([...testDialects()])(
  "the time of the database has milliseconds, in UTC and by an offset, on %s",
  async (dialect) => {
    const { database } = await openForExpressions(dialect);
    const before = Date.now();
    const times = [undefined, 0, 90_000, 1, -1_500].map((offset) => databaseTime(dialect, offset));
    const columns = times.map((time, at) => sql`${time} as ${sql.ref(`t${at}`)}`);
    const { rows } = await database.system("a test of times").write(async (db) => {
      if (dialect === "postgres") await sql`set local time zone 'Asia/Ho_Chi_Minh'`.execute(db);
      return sql<Record<string, string>>`select ${sql.join(columns)}`.execute(db);
    });
    const texts = Object.values(rows[0] ?? {});
    for (const text of texts) expect(new Date(text).toISOString()).toBe(text);
    const [now = 0, ...others] = texts.map((text) => Date.parse(text));
    expect(others.map((time) => time - now)).toEqual([0, 90_000, 1, -1_500]);
    // The database of a test runs on the same machine. It may round to a millisecond.
    expect(now).toBeGreaterThanOrEqual(before - 1);
    expect(now).toBeLessThanOrEqual(Date.now() + 1);
  },
);
