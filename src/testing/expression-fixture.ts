import { afterAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { openTestDatabase, type TestDialect } from "#testing/test-database.ts";

/** Opens a database without tables until the tests of a `describe` end, and runs statements in it. */
export async function openForExpressions(dialect: TestDialect) {
  const home = mkdtempSync(join(tmpdir(), "goclaw-expressions-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  afterAll(async () => {
    await dispose();
    rmSync(home, { recursive: true });
  });
  const rowsOf = <Row>(statement: RawBuilder<Row>): Promise<readonly Row[]> =>
    database.system("a test of expressions").write(async (db) => (await statement.execute(db)).rows);
  return {
    database,
    rowsOf,
    /** Returns those of the texts for whose column `value` a condition holds, in their order. */
    async matching(texts: readonly (string | null)[], condition: RawBuilder<SqlBool>) {
      const rows = await rowsOf<{ place: number }>(sql`select place from ${textTable(texts)} where ${condition}`);
      const places = rows.map(({ place }) => place);
      return texts.filter((_, place) => places.includes(place));
    },
  };
}

/** Texts as a table with the columns `place` and `value`. */
export const textTable = (texts: readonly (string | null)[]): RawBuilder<unknown> =>
  sql`(${sql.join(
    texts.map((text, place) => sql`select ${sql.lit(place)} as place, cast(${text} as text) as value`),
    sql` union all `,
  )}) as texts`;
