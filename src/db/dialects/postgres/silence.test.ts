import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { type FaultProxy, type ProxyFault, startFaultProxy } from "#testing/fault-proxy.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway, type TestGateway } from "#testing/test-gateway.ts";

/** Far below the 30 s of the longest statement, which a silent server would otherwise cost. */
const SOON_MS = 6_000;

describe.skipIf(!testDialects().includes("postgres"))("a Postgres that", () => {
  let proxy: FaultProxy;
  let gateway: TestGateway;
  beforeAll(async () => {
    proxy = await startFaultProxy(process.env.GOCLAW_TEST_POSTGRES_URL ?? "");
    gateway = await startTestGateway({ dialect: "postgres", via: proxy.urlOf });
  });
  beforeEach(async () => {
    await proxy.set("pass");
    await untilReady();
  });
  afterAll(async () => {
    await proxy.set("pass");
    await gateway.stop();
    await proxy.stop();
  });

  const untilReady = async () => {
    while ((await gateway.call("GET", "/ready")).status !== 200) await Bun.sleep(20);
  };
  const get = async (path: string) => {
    const { status, body } = await gateway.call("GET", path);
    return [status, body.error?.code, body.error?.details?.reason];
  };
  const soon = async <Value>(work: Promise<Value>): Promise<Value> => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error("it took too long")), SOON_MS);
    return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
  };
  const UNAVAILABLE = [503, "UNAVAILABLE", "database"];

  test.each<ProxyFault>(["swallow", "mute", "hold", "reset", "refuse"])(
    "fails by %s is unavailable soon, and serves again once it answers",
    async (fault) => {
      await proxy.set(fault);
      const calls = Array.from({ length: 40 }, () => get("/v1/agents"));
      const answers = await soon(Promise.all([...calls, get("/ready"), get("/v1/sessions")]));
      expect(new Set(answers.map(String))).toEqual(new Set([String(UNAVAILABLE)]));
      expect(await soon(get("/v1/agents"))).toEqual(UNAVAILABLE);
      await proxy.set("pass");
      await soon(untilReady());
      expect(await get("/v1/agents")).toEqual([200, undefined, undefined]);
    },
    30_000,
  );

  test("lost the connections of now costs only the calls on them", async () => {
    await Promise.all(Array.from({ length: 10 }, () => get("/v1/agents")));
    proxy.swallowOpen();
    const answers = await soon(Promise.all(Array.from({ length: 10 }, () => get("/v1/agents"))));
    expect(answers.filter(([status]) => status !== 200 && status !== 503)).toEqual([]);
    await soon(untilReady());
    expect(await soon(get("/v1/agents"))).toEqual([200, undefined, undefined]);
  });

  test("takes no writes makes the gateway unready, and calls that write unavailable", async () => {
    const system = gateway.gateway.database.system("a test of Postgres");
    const setReadOnly = async (value: "on" | "off") => {
      await system.write(async (queries) => {
        await sql`set transaction read write`.execute(queries);
        const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(queries);
        const [database] = rows;
        await sql`alter database ${sql.id(database?.name ?? "")} set default_transaction_read_only = ${sql.lit(value)}`.execute(
          queries,
        );
      });
      await proxy.set("reset");
      await proxy.set("pass");
    };
    await setReadOnly("on");
    while ((await get("/ready"))[0] !== 503) await Bun.sleep(20);
    const input = { name: "p", provider_type: "groq", api_key: "sk" };
    expect(await gateway.call("POST", "/v1/providers", input)).toMatchObject({ status: 503 });
    while (String(await get("/v1/agents")) !== "200,,") await Bun.sleep(20);
    await setReadOnly("off");
    await soon(untilReady());
    expect(await gateway.call("POST", "/v1/providers", input)).toMatchObject({ status: 201 });
  }, 20_000);

  test("works on a slow query is waited for", async () => {
    const { read } = gateway.gateway.database.system("a test of Postgres");
    const slept = sql<{ slept: string }>`(select 'well' as slept from pg_sleep(4))`.as("slow");
    expect(await read.selectFrom(slept).select("slept").executeTakeFirst()).toEqual({ slept: "well" });
  }, 10_000);

  test("is silent keeps no process from ending", async () => {
    const url = new Secret(proxy.urlOf(process.env.GOCLAW_TEST_POSTGRES_URL ?? ""));
    const database = openPostgres({ url, size: 3, onIdleError: () => {} });
    await database.ping();
    const { read } = database.system("a test of Postgres");
    const slow = read.selectFrom(sql<object>`pg_sleep(20)`.as("slow")).selectAll().execute();
    await Bun.sleep(50);
    proxy.swallowOpen();
    const outcomes = await soon(Promise.allSettled([slow, database.close()]));
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  test("loses a connection in the middle of a transaction frees the rows that it had locked", async () => {
    const { write } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    const lock = (then: () => void) =>
      write(async (queries) => {
        await queries.updateTable("agents").set({ status: "active" }).execute();
        then();
        await queries.updateTable("agents").set({ status: "active" }).execute();
      });
    await expect(soon(lock(() => proxy.swallowOpen()))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await soon(lock(() => {}));
  }, 20_000);
});
