import type { CompiledQuery } from "kysely";
import { toTenantId } from "#base/ids.ts";
import type { Tables } from "#db/tables.ts";
import { type NewRow, type QueryHandle, TenantQueries, type TenantTable } from "#db/tenant-queries.ts";

/** A query that can be compiled: what Kysely's builders have in common. */
interface Compilable<Row> {
  compile(): CompiledQuery<Row>;
}

/** Stands for a value while a query is compiled; afterwards it tells where the value goes: of which row, which column. */
class Slot {
  readonly name: string;
  readonly row: number;

  constructor(name: string, row = 0) {
    this.name = name;
    this.row = row;
  }
}

type AnyRow = Readonly<Record<string, unknown>>;

/** Gives each value of a call its place in the query: `slot.id` where the id goes. */
export type Slots<Values> = { readonly [Name in keyof Values]: Values[Name] };

export type PreparedQuery<Values, Row> = (queries: TenantQueries, values: Values) => Promise<readonly Row[]>;

/**
 * A hot query, built and compiled once per dialect instead of once per call: building costs as much as running.
 * `build` must use each value as it comes, since it only ever sees stand-ins: no conditions, no arithmetic on them.
 */
export function prepareQuery<Values extends object, Row>(
  build: (queries: TenantQueries, slots: Slots<Values>) => Compilable<Row>,
): PreparedQuery<Values, Row> {
  return prepare(build, ({ run }, sql, parameters) => run<Row>(sql, parameters));
}

/** The same for a statement that gives no rows: resolves with how many it changed. */
export function prepareChange<Values extends object>(
  build: (queries: TenantQueries, slots: Slots<Values>) => Compilable<unknown>,
): (queries: TenantQueries, values: Values) => Promise<number> {
  return prepare(build, ({ change }, sql, parameters) => change(sql, parameters));
}

function prepare<Values extends object, Outcome>(
  build: (queries: TenantQueries, slots: Slots<Values>) => Compilable<unknown>,
  execute: (handle: QueryHandle, sql: string, parameters: readonly unknown[]) => Promise<Outcome>,
): (queries: TenantQueries, values: Values) => Promise<Outcome> {
  const statementFor = prepareStatement((queries) => build(queries, slotsOf<Values>()));
  return (queries, values) => {
    const { sql, parameters } = statementFor(queries);
    return execute(TenantQueries.handleOf(queries), sql, bind(parameters, queries, [values as AnyRow]));
  };
}

// The cast puts stand-ins where values will be; Kysely passes parameters through without looking at them.
const slotsOf = <Values>() => new Proxy({}, { get: (_, name) => new Slot(String(name)) }) as Slots<Values>;

const TENANT = new Slot("tenant");

function prepareStatement(build: (queries: TenantQueries) => Compilable<unknown>) {
  const compiledFor = new Map<string, CompiledQuery>();
  const compile = (queries: TenantQueries): CompiledQuery => {
    const compiled = build(TenantQueries.scopeTo(queries, toTenantId(TENANT as unknown as string))).compile();
    compiledFor.set(queries.dialect, compiled);
    return compiled;
  };
  return (queries: TenantQueries) => compiledFor.get(queries.dialect) ?? compile(queries);
}

function bind(parameters: readonly unknown[], { tenantId }: TenantQueries, rows: readonly AnyRow[]): unknown[] {
  const values: unknown[] = [];
  for (const part of parameters) {
    if (!(part instanceof Slot)) values.push(part);
    else values.push(part === TENANT ? tenantId : rows[part.row]?.[part.name]);
  }
  return values;
}

/** Resolves with the number of rows that it inserted. */
type PreparedInsert = (queries: TenantQueries, rows: readonly AnyRow[]) => Promise<number>;

/** One for each combination of a table, what it does with known rows, a set of columns and a number of rows. */
interface KnownInsert {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly insert: PreparedInsert;
}

const inserts = new Map<string, KnownInsert[]>();

/** Inserts one row by a prepared statement, of which there is one for each table and set of columns. */
export function insertRow<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  row: NewRow<Table>,
): Promise<unknown> {
  return findInsert(table, [row])(queries, [row]);
}

/** Inserts a few rows of the same columns by one prepared statement, of which there is one for each number of rows. */
export function insertRows<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  rows: readonly NewRow<Table>[],
): Promise<unknown> {
  return rows.length > 0 ? findInsert(table, rows)(queries, rows) : Promise.resolve();
}

/** Inserts a row unless there is one with the same values in the columns of a unique index; false when there is. */
export async function insertRowUnlessKnown<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  row: NewRow<Table>,
  unique: readonly (keyof Tables[Table] & string)[],
): Promise<boolean> {
  return (await findInsert(table, [row], unique)(queries, [row])) > 0;
}

function findInsert<Table extends TenantTable>(
  table: Table,
  rows: readonly AnyRow[],
  unique?: readonly string[],
): PreparedInsert {
  const [first = {}] = rows;
  const name = unique ? `${table} unless ${unique.join()}` : table;
  const known = inserts.get(name) ?? [];
  for (const { columns, rows: count, insert } of known) {
    if (count === rows.length && hasColumns(first, columns)) return insert;
  }
  const columns = Object.keys(first);
  const insert = prepareInsert(table, columns, rows.length, unique);
  inserts.set(name, [...known, { columns, rows: rows.length, insert }]);
  return insert;
}

/** Whether a row has these columns and no others, in this order. */
function hasColumns(row: AnyRow, columns: readonly string[]): boolean {
  let index = 0;
  for (const name in row) if (name !== columns[index++]) return false;
  return index === columns.length;
}

function prepareInsert<Table extends TenantTable>(
  table: Table,
  columns: readonly string[],
  count: number,
  unique: readonly string[] | undefined,
): PreparedInsert {
  const slots = Array.from({ length: count }, (_, row) => rowOf<Table>(columns, row));
  const statementFor = prepareStatement((queries) => {
    const insert = queries.insertInto(table, slots);
    return unique ? insert.onConflict((conflict) => conflict.columns(unique as never).doNothing()) : insert;
  });
  return (queries, rows) => {
    const { sql, parameters } = statementFor(queries);
    return TenantQueries.handleOf(queries).change(sql, bind(parameters, queries, rows));
  };
}

const rowOf = <Table extends TenantTable>(columns: readonly string[], row: number) =>
  Object.fromEntries(columns.map((column) => [column, new Slot(column, row)])) as NewRow<Table>;
