import { afterAll, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { createOperations } from "#app/create-operations.ts";
import { routesOf } from "#core/assert-operations.ts";
import { isHttpOperation } from "#core/operation.ts";
import { TABLE_OWNERS } from "#db/tables.ts";
import { createIsolationFixtures } from "#testing/access/isolation-fixtures.ts";
import { NEEDED_QUERIES } from "#testing/access/resource-expectations.ts";
import { FREE_PARAMETERS } from "#testing/reference/free-parameters.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const reads = createOperations({ docs_auth: false })
  .filter(isHttpOperation)
  .flatMap((operation) => routesOf(operation).map(({ method, path }) => ({ name: operation.name, method, path })))
  // An export that has begun can only break off.
  .filter(({ method, name }) => method === "GET" && name !== "usage.export");

describe.each([...testDialects()])("on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  afterAll(() => gateway.stop());
  const fixtures = await createIsolationFixtures(gateway, {});
  const { write } = gateway.gateway.database.system("a test of lost tables");
  const rename = (from: string, to: string) =>
    write(async (db) => void (await sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(db)));
  const toTarget = (name: string, path: string) => {
    const filled = path.replace("...}", "}").replaceAll(/([\w-]+\/)(\{\w+\})/g, (parameter, segment: string) => {
      return `${segment}${FREE_PARAMETERS[parameter] ?? fixtures[parameter]}`;
    });
    return filled + (NEEDED_QUERIES[name] ?? "");
  };
  /** Returns the reads that fail, with their status and code. */
  async function failuresOf(): Promise<readonly string[]> {
    const failures: string[] = [];
    for (const { name, path } of reads) {
      const { status, body } = await gateway.call("GET", toTarget(name, path), undefined, { user: "somebody" });
      if (status >= 500) failures.push(`${name} ${status} ${body.error?.code}`);
    }
    return failures;
  }

  test("a read that misses a table is 503, never 500", async () => {
    const ready = await failuresOf();
    const failed = new Set<string>();
    for (const table of Object.keys(TABLE_OWNERS)) {
      await rename(table, `lost_${table}`);
      for (const failure of await failuresOf()) failed.add(failure);
      await rename(`lost_${table}`, table);
    }
    expect(failed.size).toBeGreaterThan(20);
    expect([...failed].filter((failure) => !failure.endsWith(" 503 UNAVAILABLE"))).toEqual([]);
    expect(await failuresOf()).toEqual(ready);
  }, 120_000);
});
