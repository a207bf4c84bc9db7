import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { listOf, rowsOf as rowsOfLists, textsOf } from "#db/expressions/json-lists.ts";
import { openForExpressions, textTable } from "#testing/expression-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("lists in JSON on %s", async (dialect) => {
  const { rowsOf } = await openForExpressions(dialect);

  test("hold the texts of a group once, and give them back as rows", async () => {
    const users = ["ngọc", "bob", "ngọc", 'a"b\\c', "🦊", "", "bob"];
    const rows = await rowsOf<{ part: number; value: string }>(sql`
      with others as (
        select place % 2 as part, ${listOf(dialect, "value")} as users from ${textTable(users)} group by place % 2)
      select part, value from others cross join ${textsOf(dialect, "others.users")}`);
    const sorted = rows.map((row) => `${row.part} ${row.value}`).toSorted();
    expect(sorted).toEqual(["0 bob", "0 ngọc", "0 🦊", "1 ", '1 a"b\\c', "1 bob"]);
  });

  test("become rows of numbers and texts, in the columns that are named", async () => {
    const lists = [
      [7, "07", "Phở"],
      [-1, "", 'a"b'],
      [2_000_000_000, "null", "🦊"],
    ];
    const table = rowsOfLists(dialect, lists, [
      ["count", "number"],
      ["code", "text"],
      ["name", "text"],
    ]);
    const rows = await rowsOf(sql`select name, code, count from ${table} as made order by name`);
    const expected = lists.map(([count, code, name]) => ({ name, code, count }));
    expect(rows.toSorted(byCode)).toEqual(expected.toSorted(byCode) as never);
  });

  test("without a list are no rows", async () => {
    expect(await rowsOf(sql`select * from ${rowsOfLists(dialect, [], [["count", "number"]])} as made`)).toEqual([]);
  });
});

const byCode = (one: unknown, other: unknown): number => codeOf(one).localeCompare(codeOf(other));
const codeOf = (row: unknown): string => (row as { code: string }).code;
