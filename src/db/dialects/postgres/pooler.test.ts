import { afterAll, describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import type { SystemDatabase, SystemReads } from "#db/database.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { findPooler, startPooler } from "#testing/pooler-fixture.ts";
import { createTestDatabase, testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const TIMEOUT = 60_000;
const SESSIONS = 3;
const program = findPooler();
const reason = testDialects().includes("postgres") ? "there is no PgBouncer" : "there is no Postgres";
const canRun = program !== undefined && testDialects().includes("postgres");

describe.skipIf(!canRun)(`behind PgBouncer in transaction mode (skipped where ${reason})`, async () => {
  const start = async () => {
    const { url = "", drop } = await createTestDatabase("postgres");
    const pooler = await startPooler(program ?? "", url, SESSIONS);
    const env = { DATABASE_URL: pooler.urlOf(url), GOCLAW_DATABASE_POOL_SIZE: "10" };
    return { gateway: await startChatGateway({ env, wires: ["openai"] }), pooled: env.DATABASE_URL, pooler, drop };
  };
  const started = canRun ? await start() : undefined;
  afterAll(async () => {
    await started?.gateway.stop();
    await started?.pooler.stop();
    await started?.drop();
  });

  test(
    "a gateway migrates, and answers more chats at once than there are sessions",
    async () => {
      if (!started) throw new Error("not started");
      const { model, call, gateway } = started.gateway;
      model.script(({ toolResults }) =>
        toolResults.length > 0 ? { text: "done" } : { toolCalls: [{ name: "datetime", arguments: {} }] },
      );
      const chat = (index: number) =>
        call("POST", "/v1/chat/completions", {
          model: "goclaw:openai",
          messages: [{ role: "user", content: `hi ${index}` }],
          user: `user-${index % 5}`,
        });
      const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => chat(index)));
      expect(answers.map(({ status, body }) => [status, body.choices?.[0].message.content])).toEqual(
        answers.map(() => [200, "done"]),
      );
      const { read } = gateway.database.forTenant(MASTER_TENANT_ID);
      const runs = await read.selectFrom("runs").select(["status"]).execute();
      expect(runs.map(({ status }) => status)).toEqual(answers.map(() => "completed"));
      expect((await call("GET", "/v1/sessions?user_id=user-1")).body.total).toBe(8);
      expect((await call("GET", "/ready", undefined, { bearer: null })).status).toBe(200);
    },
    TIMEOUT,
  );

  test(
    "another gateway hears of a change, although the pooler carries no notices",
    async () => {
      if (!started) throw new Error("not started");
      const { gateway } = started;
      const keys = { GOCLAW_GATEWAY_TOKEN: gateway.token, GOCLAW_ENCRYPTION_ALLOW_MISSING_KEYS: "1" };
      const env = { DATABASE_URL: started.pooled, ...keys };
      const other = await startTestGateway({ env });
      const key = { name: "k", scopes: ["read"] };
      const { id, key: bearer } = (await gateway.call("POST", "/v1/api-keys", key)).body;
      const statusThere = async () => (await other.call("GET", "/v1/agents", undefined, { bearer })).status;
      while ((await statusThere()) !== 200) await Bun.sleep(20);
      await gateway.call("DELETE", `/v1/api-keys/${id}`);
      while ((await statusThere()) !== 401) await Bun.sleep(20);
      await other.stop();
    },
    TIMEOUT,
  );

  test(
    "two gateways may start at once, and leave no limit in a session that they share",
    async () => {
      const { url = "", drop } = await createTestDatabase("postgres");
      const pooler = await startPooler(program ?? "", url, SESSIONS);
      const open = () => openPostgres({ url: new Secret(pooler.urlOf(url)), size: 5, onIdleError: () => {} });
      const databases = [open(), open()];
      const applied = await Promise.all(databases.map((database) => database.migrate(new Date())));
      expect(applied.map(({ length }) => length > 0).toSorted()).toEqual([false, true]);
      const readLimit = async (queries: SystemReads) => {
        const from = sql<{ value: string }>`(select current_setting('statement_timeout') as value)`.as("given");
        return (await queries.selectFrom(from).select("value").executeTakeFirstOrThrow()).value;
      };
      const limitsOf = async ({ read, write }: SystemDatabase) => [await write(readLimit), await readLimit(read)];
      const systems = databases.map((database) => database.system("a test of poolers"));
      const limits = await Promise.all([...systems, ...systems, ...systems, ...systems].map(limitsOf));
      expect(limits).toEqual(limits.map(() => ["30s", "0"]));
      await Promise.all(databases.map((database) => database.close()));
      await pooler.stop();
      await drop();
    },
    TIMEOUT,
  );
});
