import { expect, test } from "bun:test";
import { sql } from "kysely";
import { jsonText } from "#db/expressions/json-text.ts";
import { openForExpressions, textTable } from "#testing/expression-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

test.each([...testDialects()])("the text under a key of JSON is empty where there is none, on %s", async (dialect) => {
  const { rowsOf } = await openForExpressions(dialect);
  const cases: readonly (readonly [json: string | null, text: string])[] = [
    ['{"provider":"openai","model":"gpt"}', "gpt"],
    ['{"model":"Mô hình 🦊 \\"x\\""}', 'Mô hình 🦊 "x"'],
    ['{"model":""}', ""],
    ['{"model":null}', ""],
    ['{"Model":"other","deep":{"model":"deeper"}}', ""],
    [null, ""],
  ];
  const table = textTable(cases.map(([json]) => json));
  const rows = await rowsOf(sql`select ${jsonText(dialect, "value", "model")} as text from ${table} order by place`);
  expect(rows).toEqual(cases.map(([, text]) => ({ text })));
});
