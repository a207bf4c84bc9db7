import { type AliasableExpression, type RawBuilder, sql } from "kysely";
import type { Dialect } from "#db/tenant-queries.ts";

/** The texts of a column in a group of rows, each once, as a list in JSON. */
export const listOf = (dialect: Dialect, column: string): RawBuilder<string> =>
  dialect === "postgres"
    ? sql<string>`json_agg(distinct ${sql.ref(column)})`
    : sql<string>`json_group_array(distinct ${sql.ref(column)})`;

/** The texts of a list that `listOf` made, as rows with the column `value`. */
export const textsOf = (dialect: Dialect, list: string): RawBuilder<{ readonly value: string }> =>
  dialect === "postgres"
    ? sql`json_array_elements_text(${sql.ref(list)}) as texts(value)`
    : sql`json_each(${sql.ref(list)}) as texts`;

/** Lists of numbers and texts as rows, whose columns have these names and kinds. */
export function rowsOf<Row>(
  dialect: Dialect,
  lists: readonly (readonly (number | string)[])[],
  columns: readonly (readonly [name: string, kind: "number" | "text"])[],
): AliasableExpression<Row> {
  const selected = columns.map(([name, kind], index) => {
    const value = sql`value ->> ${sql.lit(index)}`;
    return sql`cast(${value} as ${sql.raw(kind === "number" ? "integer" : "text")}) as ${sql.ref(name)}`;
  });
  const json = JSON.stringify(lists);
  const source =
    dialect === "postgres" ? sql`json_array_elements(cast(${json} as json)) as lists(value)` : sql`json_each(${json})`;
  return sql<Row>`(select ${sql.join(selected)} from ${source})`;
}
