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
    return build(TenantQueries.scopeTo(queries, toTenantId(tenant)), slots).compile();
  };

  return async (queries, values) => {
    const known = compiledFor.get(queries.dialect);
    const compiled = known ?? compile(queries);
    if (!known) compiledFor.set(queries.dialect, compiled);
    const given: Readonly<Record<string, unknown>> = { ...values, [TENANT]: queries.tenantId };
    const parameters = compiled.parameters.map((part) => (part instanceof Slot ? given[part.name] : part));
    const { rows } = await TenantQueries.databaseOf(queries).executeQuery<Row>({ ...compiled, parameters });
    return rows;
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

// The values of a row are known by its column names alone.
const rowOf = <Table extends TenantTable>(columns: readonly string[], slots: AnyRow) =>
  Object.fromEntries(columns.map((column) => [column, slots[column]])) as NewRow<Table>;

function remember(name: string, prepare: () => PreparedQuery<AnyRow, unknown>): PreparedQuery<AnyRow, unknown> {
  const known = inserts.get(name);
  if (known) return known;
  const made = prepare();
  inserts.set(name, made);
  return made;
}
