import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { includesText } from "#db/expressions/includes-text.ts";
import { openForExpressions } from "#testing/expression-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a text that is included on %s", async (dialect) => {
  const { matching } = await openForExpressions(dialect);

  test.each<[text: string, included: readonly string[]]>([
    ["Phở", ["Phở", "tô Phở bò"]],
    ["tô", ["tô Phở bò"]],
    ["bò", ["tô Phở bò"]],
    ["phở", []],
    ["pho", []],
    ["%", ["100 % _"]],
    ["_", ["100 % _"]],
    ["🍜", ["🍜🍲"]],
    ["🍲", ["🍜🍲"]],
    ["🍲🍜", []],
  ])("%s is found exactly as it is, at the beginning, inside and at the end", async (text, included) => {
    const values = ["Phở", "tô Phở bò", "100 % _", "🍜🍲", "", null];
    expect(await matching(values, includesText(dialect, sql.ref("value"), text))).toEqual([...included]);
  });
});
