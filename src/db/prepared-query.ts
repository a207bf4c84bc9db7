import type { CompiledQuery } from "kysely";
import type { TenantId } from "#base/ids.ts";
import { type QueryHandle, TenantQueries, TenantReads } from "#db/tenant-queries.ts";

/** The interface that all query builders of Kysely share. */
interface Compilable<Row> {
  compile(): CompiledQuery<Row>;
}

/** A placeholder for a value while a query is compiled. It records the row and the column that provide the value. */
export class Slot {
  readonly name: string;
  readonly row: number;

  constructor(name: string, row = 0) {
    this.name = name;
    this.row = row;
  }
}

export type AnyRow = Readonly<Record<string, unknown>>;

/** The placeholders of a prepared query. `slots.id` takes the place of the id. */
export type Slots<Values> = { readonly [Name in keyof Values]: Values[Name] };

type Build<Handle, Values, Row> = (queries: Handle, slots: Slots<Values>) => Compilable<Row>;

/**
 * Prepares a hot read. It is built and compiled once per database, because building costs as much as running.
 * `build` must use each slot unchanged. It sees placeholders only, so conditions and arithmetic on them have no effect.
 */
export function prepareRead<Values extends object, Row>(
  build: Build<TenantReads, Values, Row>,
): (queries: TenantReads, values: Values) => Promise<readonly Row[]> {
  const definition = {};
  return (queries, values) => {
    const { run } = TenantReads.handleOf(queries);
    const { sql, parameters } = compiledFor(definition, queries, (handle) =>
      build(new TenantReads(handle, TENANT_SLOT), slotsOf<Values>()),
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
    const { sql, parameters } = compiledFor(definition, queries, (handle) =>
      build(new TenantQueries(handle, TENANT_SLOT), slotsOf<Values>()),
    );
    return execute(TenantReads.handleOf(queries), sql, bind(parameters, queries, [values as AnyRow]));
  };
}

// The casts put placeholders in the place of values. Kysely passes parameters through without reading them.
const slotsOf = <Values>() => new Proxy({}, { get: (_, name) => new Slot(String(name)) }) as Slots<Values>;
const TENANT = new Slot("tenant");
export const TENANT_SLOT = TENANT as unknown as TenantId;

function compiledFor(
  definition: object,
  queries: TenantReads,
  build: (handle: QueryHandle) => Compilable<unknown>,
): CompiledQuery {
  const handle = TenantReads.handleOf(queries);
  const known = handle.statements.compiled.get(definition);
  if (known) return known;
  const compiled = build(handle).compile();
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
