import { afterAll, describe, expect, test } from "bun:test";
import { type AddressInfo, createServer } from "node:net";
import { type Kysely, sql } from "kysely";
import { Secret } from "#base/secret.ts";
import type { Database, SystemReads } from "#db/database.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import type { Tables } from "#db/tables.ts";
import { createTestDatabase, testDialects } from "#testing/test-database.ts";

describe.skipIf(!testDialects().includes("postgres"))("Postgres", async () => {
  const { url = "", drop } = testDialects().includes("postgres") ? await createTestDatabase("postgres") : { drop() {} };
  const idleErrors: Error[] = [];
  const open = (address: string, size = 3) =>
    openPostgres({ url: new Secret(address), size, onIdleError: (error) => void idleErrors.push(error) });
  const opened = url ? open(url) : undefined;
  afterAll(async () => {
    await opened?.close();
    await drop();
  });
  const database = opened as Database;
  const write = <Value>(unit: (queries: Kysely<Tables>) => Promise<Value>) =>
    database.system("a test of Postgres").write(unit);
  const raise = (code: string) => sql.raw(`do $$ begin raise exception using errcode = '${code}'; end $$`);
  const readValue = async (queries: SystemReads, expression: string) => {
    const from = sql<{ value: unknown }>`(select ${sql.raw(expression)} as value)`.as("given");
    return (await queries.selectFrom(from).select("value").executeTakeFirstOrThrow()).value;
  };
  const unavailable = { code: "UNAVAILABLE", options: { reason: "database" } };

  test.each(["40001", "40P01"])("runs a unit again that another transaction aborted (%s)", async (code) => {
    let runs = 0;
    const value = await write(async (queries) => {
      runs++;
      if (runs < 3) await raise(code).execute(queries);
      return `run ${runs}`;
    });
    expect(value).toBe("run 3");
  });

  test("gives up on a unit that is aborted five times", async () => {
    let runs = 0;
    const failing = write(async (queries) => {
      runs++;
      await raise("40001").execute(queries);
    });
    await expect(failing).rejects.toMatchObject(unavailable);
    expect(runs).toBe(5);
  });

  test("runs a unit once that fails for another reason, and tells it as it is", async () => {
    let runs = 0;
    const failing = write(async (queries) => {
      runs++;
      await sql`select 1 / 0`.execute(queries);
    });
    await expect(failing).rejects.toMatchObject({ code: "22012" });
    expect(runs).toBe(1);
  });

  test.each(["no_such_table", "no_such_schema.agents", "agents where no_such_column = 1"])(
    "is damaged if %s is missing, and is not asked again",
    async (name) => {
      let runs = 0;
      const failing = write(async (queries) => {
        runs++;
        await sql`select * from ${sql.raw(name)}`.execute(queries);
      });
      await expect(failing).rejects.toMatchObject({ code: "UNAVAILABLE", key: "error.database_damaged" });
      expect(runs).toBe(1);
    },
  );

  test.each(["08006", "57P01", "53300", "25006", "55P03", "57014", "58030", "XX001"])(
    "is unavailable if it answers %s",
    async (code) => {
      await expect(write((queries) => raise(code).execute(queries))).rejects.toMatchObject(unavailable);
      await database.ping();
    },
  );

  test("is unavailable to a query whose connection is lost, and answers the next one by another connection", async () => {
    for (let round = 0; round < 4; round++) {
      const lost = write((queries) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(queries));
      await expect(lost).rejects.toMatchObject(unavailable);
    }
    await database.ping();
  });

  test("is unavailable where nothing listens, or nobody is let in", async () => {
    const [nowhere, crowded] = [new URL(url), new URL(url)];
    nowhere.port = "1";
    crowded.pathname = "/no_such_database";
    const [closed, unknown] = [open(nowhere.href), open(crowded.href)];
    await expect(closed.ping()).rejects.toMatchObject(unavailable);
    await expect(unknown.ping()).rejects.toMatchObject(unavailable);
    await Promise.all([closed.close(), unknown.close()]);
  });

  test("begins a session with nothing that poolers refuse, and leaves it without settings", async () => {
    const names: string[] = [];
    const server = createServer((socket) =>
      socket
        .on("error", () => {})
        .once("data", (packet) => {
          const words = packet.toString("latin1").slice(8).split("\0");
          names.push(...words.filter((_, index) => index % 2 === 0));
          socket.destroy();
        }),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const database = open(`postgres://a:b@127.0.0.1:${port}/c?lock_timeout=5&statement_timeout=6`);
    await expect(database.ping()).rejects.toMatchObject(unavailable);
    await database.close();
    server.close();
    expect(names.filter((name) => name !== "").toSorted()).toEqual(["client_encoding", "database", "user"]);

    const single = open(url, 1).system("a test of Postgres");
    const inTransaction = await single.write((queries) => readValue(queries, "current_setting('statement_timeout')"));
    expect([inTransaction, await readValue(single.read, "current_setting('statement_timeout')")]).toEqual(["30s", "0"]);
  });

  test("lets a transaction take any time if the operator sets no limit", async () => {
    const patient = open(`${url}?statement_timeout=0`, 1);
    const slow = patient.system("a test of Postgres").write((queries) => readValue(queries, "pg_sleep(2.5)::text"));
    expect(await slow).toBe("");
    await patient.close();
  });

  test("gives up on a slow read by itself, and answers the next one by another connection", async () => {
    const hasty = open(`${url}?statement_timeout=100`, 1);
    const { read } = hasty.system("a test of Postgres");
    const before = await readValue(read, "pg_backend_pid()");
    await expect(readValue(read, "pg_sleep(5)")).rejects.toMatchObject(unavailable);
    expect(await readValue(read, "pg_backend_pid()")).not.toBe(before);
    await hasty.close();
  });

  test("waits for no statement and no lock for long", async () => {
    const settingOf = (name: string) =>
      write(async (queries) => {
        const { rows } = await sql<{ value: string }>`select current_setting(${name}) as value`.execute(queries);
        return rows[0]?.value;
      });
    expect(await settingOf("statement_timeout")).toBe("30s");
    expect(await settingOf("lock_timeout")).toBe("10s");
    expect(await settingOf("idle_in_transaction_session_timeout")).toBe("30s");
  });

  test("counts in numbers, and stores text with the one character that it cannot hold replaced", async () => {
    const row = await write(async (queries) => {
      const query = sql<{ count: number; text: string }>`select count(*) as count, ${"a\0b\0"}::text as text`;
      return (await query.execute(queries)).rows[0];
    });
    expect(row).toEqual({ count: 1, text: "a\uFFFDb\uFFFD" });
  });
});
