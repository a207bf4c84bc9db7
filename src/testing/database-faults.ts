import { Database as BunDatabase } from "bun:sqlite";
import { join } from "node:path";
import { sql } from "kysely";
import { startFaultProxy } from "#testing/fault-proxy.ts";
import { type RunGateway, startRunGateway } from "#testing/run-fixture.ts";
import type { TestDialect } from "#testing/test-database.ts";
import type { TestGatewayOptions } from "#testing/test-gateway.ts";

/** Something that keeps a database from doing its work. */
export interface DatabaseFault {
  begin(): Promise<void>;
  end(): Promise<void>;
}

export const FAULTS = {
  sqlite: ["a foreign lock", "a full disk"],
  postgres: ["swallow", "mute", "lose commits", "hold", "reset", "refuse"],
} as const;

export interface FaultyGateway extends RunGateway {
  /** Returns a fault of the gateway's database by its name in `FAULTS`. */
  faultOf(name: string): DatabaseFault;
}

/** Starts a gateway for runs whose database can be made to fail. */
export async function startFaultyGateway(
  dialect: TestDialect,
  options: TestGatewayOptions = {},
): Promise<FaultyGateway> {
  if (dialect === "sqlite") {
    const gateway = await startRunGateway({ ...options, dialect });
    const faults = new Map([
      ["a foreign lock", foreignLock(gateway)],
      ["a full disk", fullDisk(gateway)],
    ]);
    return { ...gateway, faultOf: (name) => faults.get(name) as DatabaseFault };
  }
  const proxy = await startFaultProxy(process.env.GOCLAW_TEST_POSTGRES_URL ?? "");
  const gateway = await startRunGateway({ ...options, dialect, via: proxy.urlOf });
  return {
    ...gateway,
    faultOf: (name) => ({
      begin: () => proxy.set(FAULTS.postgres.find((fault) => fault === name) ?? "pass"),
      end: () => proxy.set("pass"),
    }),
    async stop() {
      await proxy.set("pass");
      await gateway.stop();
      await proxy.stop();
    },
  };
}

/** Another program that writes to the file. */
function foreignLock({ home }: RunGateway): DatabaseFault {
  const foreign = new BunDatabase(join(home, "goclaw.db"));
  foreign.run("PRAGMA busy_timeout = 5000");
  return {
    begin: async () => void foreign.run("BEGIN IMMEDIATE"),
    end: async () => void foreign.run("ROLLBACK"),
  };
}

/** SQLite reports a disk without space in the same way when it may not add a page. */
function fullDisk({ gateway }: RunGateway): DatabaseFault {
  const { write } = gateway.database.system("a test of a full disk");
  const limitPages = async (pages: number): Promise<void> => {
    const limiting = write((queries) => sql`pragma max_page_count = ${sql.lit(pages)}`.execute(queries));
    // Units that find the disk full fail together with this one.
    await limiting.catch(() => limitPages(pages));
  };
  return { begin: () => limitPages(1), end: () => limitPages(1_000_000) };
}
