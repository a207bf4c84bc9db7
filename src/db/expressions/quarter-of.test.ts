import { expect, test } from "bun:test";
import { sql } from "kysely";
import { quarterOf } from "#db/expressions/quarter-of.ts";
import { openForExpressions, textTable } from "#testing/expression-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

test.each([...testDialects()])("a quarter of an hour lasts until the next one begins, on %s", async (dialect) => {
  const { rowsOf } = await openForExpressions(dialect);
  const times = [
    "1970-01-01T00:00:00.000Z",
    "1970-01-01T00:14:59.999Z",
    "1970-01-01T00:15:00.000Z",
    "2024-02-29T23:44:59.999Z",
    "2024-02-29T23:45:00.000Z",
    "2024-03-01T00:00:00.000Z",
  ];
  const quarter = quarterOf(dialect, "value");
  const rows = await rowsOf<{ quarter: number }>(
    sql`select ${quarter} as quarter from ${textTable(times)} order by place`,
  );
  expect(rows.map(({ quarter }) => quarter)).toEqual([0, 0, 1, 1_899_166, 1_899_167, 1_899_168]);
});
