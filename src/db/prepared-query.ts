import type { CompiledQuery, Expression } from "kysely";
import type { TenantId } from "#base/ids.ts";
import { type QueryHandle, TenantQueries, TenantReads } from "#db/tenant-queries.ts";

/** The interface that all query builders of Kysely share. */
interface Compilable<Row> {
  compile(): CompiledQuery<Row>;
}

/**
 * A placeholder for a value while a query is compiled, which Kysely takes for the value. It records the row and the
 * column that provide the value.
 */
export class Slot {
  readonly name: string;
  readonly row: number;

  constructor(name: string, row = 0) {
    this.name = name;
    this.row = row;
  }
}

export type AnyRow = Readonly<Record<string, unknown>>;

/** The placeholders of a prepared query. `slots.id` takes the place of the id. It is no id, so nothing compares it. */
export type Slots<Values> = { readonly [Name in keyof Values]: Expression<Values[Name]> };

type Build<Handle, Values, Row> = (queries: Handle, slots: Slots<Values>) => Compilable<Row>;

/**
 * Prepares a hot read. It is built and compiled once per database, because building costs as much as running.
 * `build` must use each slot unchanged. A query that depends on a condition on a slot does not compile.
 */
export function prepareRead<Values extends object, Row>(
  build: Build<TenantReads, Values, Row>,
): (queries: TenantReads, values: Values) => Promise<readonly Row[]> {
  const definition = {};
  return (queries, values) => {
    const { run } = TenantReads.handleOf(queries);
    const { sql, parameters } = compiledFor<Values>(definition, queries, (handle, slots) =>
      build(new TenantReads(handle, TENANT_SLOT), slots),
    );
    return run<Row>(sql, bind(parameters, queries, [values as AnyRow]));
  };
}

/** Like `prepareRead`, for a statement that writes or locks rows and returns them. */
export function prepareWrite<Values extends object, Row>(
  build: Build<TenantQueries, Values, Row>,
): (queries: TenantQueries, values: Values) => Promise<readonly Row[]> {
  return prepareStatement(build, ({ run }, sql, parameters) => run<Row>(sql, parameters));
}

/** Like `prepareWrite`, for a statement that returns no rows. Resolves to the number of changed rows. */
export function prepareChange<Values extends object>(
  build: Build<TenantQueries, Values, unknown>,
): (queries: TenantQueries, values: Values) => Promise<number> {
  return prepareStatement(build, ({ change }, sql, parameters) => change(sql, parameters));
}

function prepareStatement<Values extends object, Outcome>(
  build: Build<TenantQueries, Values, unknown>,
  execute: (handle: QueryHandle, sql: string, parameters: readonly unknown[]) => Promise<Outcome>,
): (queries: TenantQueries, values: Values) => Promise<Outcome> {
  const definition = {};
  return (queries, values) => {
    const writer = TenantQueries.writerOf(queries);
    const { sql, parameters } = compiledFor<Values>(definition, queries, (handle, slots) =>
      build(new TenantQueries(handle, TENANT_SLOT), slots),
    );
    return execute(writer, sql, bind(parameters, queries, [values as AnyRow]));
  };
}

// The casts are safe, because every name that `build` reads has a placeholder.
const slotsOf = <Values>() => new Proxy({}, { get: (_, name) => new Slot(String(name)) }) as Slots<Values>;
/** Has nulls in the place of placeholders, to see whether the text of a query depends on them. */
const nullsOf = <Values>() => new Proxy({}, { get: () => null }) as Slots<Values>;
const TENANT = new Slot("tenant");
export const TENANT_SLOT = TENANT as unknown as TenantId;

function compiledFor<Values>(
  definition: object,
  queries: TenantReads,
  build: (handle: QueryHandle, slots: Slots<Values>) => Compilable<unknown>,
): CompiledQuery {
  const handle = TenantReads.handleOf(queries);
  const known = handle.statements.compiled.get(definition);
  if (known) return known;
  const compiled = build(handle, slotsOf<Values>()).compile();
  if (build(handle, nullsOf<Values>()).compile().sql !== compiled.sql) {
    throw new Error(`a prepared query depends on a condition on one of its slots: ${compiled.sql}`);
  }
  handle.statements.compiled.set(definition, compiled);
  return compiled;
}

/** Replaces the placeholders of a compiled statement by the values of its rows and the tenant of the handle. */
export function bind(
  parameters: readonly unknown[],
  { tenantId }: TenantReads,
  rows: readonly AnyRow[],
): readonly unknown[] {
  const values: unknown[] = [];
  for (const part of parameters) {
    if (!(part instanceof Slot)) values.push(part);
    else values.push(part === TENANT ? tenantId : rows[part.row]?.[part.name]);
  }
  return values;
}
