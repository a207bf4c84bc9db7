import type { CompiledQuery, RawBuilder } from "kysely";
import { type AnyRow, bind, Slot, TENANT_SLOT } from "#db/prepared-query.ts";
import type { Tables } from "#db/tables.ts";
import { type Dialect, type NewRow, TenantQueries, TenantReads, type TenantTable } from "#db/tenant-queries.ts";

/**
 * Returns the columns whose value the database computes. They replace those of the row. They are asked for once, when the
 * statement is prepared, so they are the same for all rows of a table.
 */
type Compute<Table extends TenantTable> = (
  dialect: Dialect,
) => Readonly<Partial<Record<keyof NewRow<Table> & string, RawBuilder<unknown>>>>;

/** Inserts a row by a prepared statement. There is one statement for each table and set of columns. */
export async function insertRow<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  row: NewRow<Table>,
  compute?: Compute<Table>,
): Promise<void> {
  await insert(queries, table, [row], { compute });
}

/** Inserts a few rows with the same columns by a prepared statement. There is one statement for each number of rows. */
export async function insertRows<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  rows: readonly NewRow<Table>[],
): Promise<void> {
  if (rows.length > 0) await insert(queries, table, rows);
}

/**
 * Inserts a row unless a row with the same values in the `unique` columns exists. Resolves to true if it was inserted.
 */
export async function insertRowIfAbsent<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  row: NewRow<Table>,
  unique: readonly (keyof Tables[Table] & string)[],
  compute?: Compute<Table>,
): Promise<boolean> {
  return (await insert(queries, table, [row], { unique, compute })) > 0;
}

interface InsertOptions<Table extends TenantTable> {
  readonly unique?: readonly string[] | undefined;
  readonly compute?: Compute<Table> | undefined;
}

/** Resolves to the number of inserted rows. */
function insert<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  rows: readonly AnyRow[],
  options: InsertOptions<Table> = {},
): Promise<number> {
  const { sql, parameters } = findStatement(queries, table, rows, options);
  return TenantQueries.writerOf(queries).change(sql, bind(parameters, queries, rows));
}

function findStatement<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  rows: readonly AnyRow[],
  options: InsertOptions<Table>,
): CompiledQuery {
  const { inserts } = TenantReads.handleOf(queries).statements;
  const [first = {}] = rows;
  const { unique, compute } = options;
  const name = `${table}${unique ? ` unless ${unique.join()}` : ""}${compute ? " with computed columns" : ""}`;
  const known = inserts.get(name) ?? [];
  for (const { columns, rows: count, compiled } of known) {
    if (count === rows.length && hasColumns(first, columns)) return compiled;
  }
  const columns = Object.keys(first);
  const compiled = compileInsert(queries, table, columns, rows.length, options);
  inserts.set(name, [...known, { columns, rows: rows.length, compiled }]);
  return compiled;
}

/** Returns true if a row has exactly these columns in this order. */
function hasColumns(row: AnyRow, columns: readonly string[]): boolean {
  let index = 0;
  for (const name in row) if (name !== columns[index++]) return false;
  return index === columns.length;
}

function compileInsert<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  columns: readonly string[],
  count: number,
  { unique, compute }: InsertOptions<Table>,
): CompiledQuery {
  const scoped = new TenantQueries(TenantReads.handleOf(queries), TENANT_SLOT);
  const computed = compute?.(queries.dialect);
  const slots = Array.from({ length: count }, (_, row) => ({ ...rowOf<Table>(columns, row), ...computed }));
  const query = scoped.insertInto(table, slots);
  return (unique ? query.onConflict((conflict) => conflict.columns(unique as never).doNothing()) : query).compile();
}

const rowOf = <Table extends TenantTable>(columns: readonly string[], row: number) =>
  Object.fromEntries(columns.map((column) => [column, new Slot(column, row)])) as NewRow<Table>;
