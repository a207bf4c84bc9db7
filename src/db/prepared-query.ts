import type { CompiledQuery } from "kysely";
import { toTenantId } from "#base/ids.ts";
import type { Tables } from "#db/tables.ts";
import { type NewRow, TenantQueries, type TenantTable } from "#db/tenant-queries.ts";

/** A query that can be compiled: what Kysely's builders have in common. */
interface Compilable<Row> {
  compile(): CompiledQuery<Row>;
}

/** Stands for a value while a query is compiled; afterwards it tells where the value goes. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

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
  const compiledFor = new Map<string, CompiledQuery<Row>>();

  const compile = (queries: TenantQueries): CompiledQuery<Row> => {
    // The casts put stand-ins where values will be; Kysely passes parameters through without looking at them.
    const slots = new Proxy({}, { get: (_, name) => new Slot(String(name)) }) as Slots<Values>;
    const tenant = new Slot(TENANT) as unknown as string;
    const compiled = build(TenantQueries.scopeTo(queries, toTenantId(tenant)), slots).compile();
    compiledFor.set(queries.dialect, compiled);
    return compiled;
  };

  return (queries, values) => {
    const { sql, parameters } = compiledFor.get(queries.dialect) ?? compile(queries);
    const given = values as Readonly<Record<string, unknown>>;
    const bound = parameters.map((part) => {
      if (!(part instanceof Slot)) return part;
      return part.name === TENANT ? queries.tenantId : given[part.name];
    });
    return TenantQueries.handleOf(queries).run<Row>(sql, bound);
  };
}

const TENANT = " tenant";

type AnyRow = Readonly<Record<string, unknown>>;

const inserts = new Map<string, PreparedQuery<AnyRow, unknown>>();

/** Inserts one row by a prepared statement, of which there is one for each table and set of columns. */
export async function insertRow<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  row: NewRow<Table>,
): Promise<void> {
  const columns = Object.keys(row);
  const insert = remember(`${table}:${columns.join()}`, () =>
    prepareQuery<AnyRow, unknown>((scoped, slots) => scoped.insertInto(table, rowOf<Table>(columns, slots))),
  );
  await insert(queries, row);
}

/** Inserts a few rows of the same columns by one prepared statement, of which there is one for each number of rows. */
export async function insertRows<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  rows: readonly NewRow<Table>[],
): Promise<void> {
  const [first, ...others] = rows;
  if (!first) return;
  if (others.length === 0) return insertRow(queries, table, first);
  const columns = Object.keys(first);
  const insert = remember(`${table}:${columns.join()}:${rows.length}`, () =>
    prepareQuery<AnyRow, unknown>((scoped, slots) =>
      scoped.insertInto(
        table,
        rows.map((_, index) => rowOf<Table>(columns, slots, index)),
      ),
    ),
  );
  const values: Record<string, unknown> = {};
  rows.forEach((row: AnyRow, index) => {
    for (const column of columns) values[slotName(column, index)] = row[column];
  });
  await insert(queries, values);
}

/** Inserts a row unless there is one with the same values in the columns of a unique index; false when there is. */
export async function insertRowUnlessKnown<Table extends TenantTable>(
  queries: TenantQueries,
  table: Table,
  row: NewRow<Table>,
  unique: readonly (keyof Tables[Table] & string)[],
): Promise<boolean> {
  const columns = Object.keys(row);
  const [first = "tenant_id"] = unique;
  const insert = remember(`${table}:${columns.join()}:${unique.join()}`, () =>
    prepareQuery<AnyRow, unknown>((scoped, slots) =>
      scoped
        .insertInto(table, rowOf<Table>(columns, slots))
        .onConflict((conflict) => conflict.columns(unique as never).doNothing())
        .returning(first as never),
    ),
  );
  return (await insert(queries, row)).length > 0;
}

const rowOf = <Table extends TenantTable>(columns: readonly string[], slots: AnyRow, index = 0) =>
  Object.fromEntries(columns.map((column) => [column, slots[slotName(column, index)]])) as NewRow<Table>;

const slotName = (column: string, index: number) => (index === 0 ? column : `${column} ${index}`);

function remember(name: string, prepare: () => PreparedQuery<AnyRow, unknown>): PreparedQuery<AnyRow, unknown> {
  const known = inserts.get(name);
  if (known) return known;
  const made = prepare();
  inserts.set(name, made);
  return made;
}
