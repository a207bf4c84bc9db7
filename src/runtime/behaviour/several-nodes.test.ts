import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, rmSync } from "node:fs";
import pg from "pg";
import { NODES_AGENT, startTwoNodes, type TwoNodes } from "#testing/nodes/start-two-nodes.ts";
import { createSecondSite, startServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

// biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
const jsonOf = async (response: Promise<Response>): Promise<any> => (await response).json();

async function endConnections(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await client.end();
}

describe.each(testDialects().filter((dialect) => dialect === "postgres"))("two gateways on one %s", () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes();
  }, TIMEOUT);
  afterAll(() => nodes.stop());

  const runOf = async (id: string) =>
    (await (await nodes.second.call("GET", `/v1/runs/${id}`)).json()) as {
      status: string;
      output?: string;
      attempt: number;
    };
  const waitForEnd = async (id: string) => {
    let run = await runOf(id);
    for (; ["queued", "running"].includes(run.status); run = await runOf(id)) await Bun.sleep(20);
    return run;
  };
  const start = async (input: string, extra: object = {}) => {
    const response = await nodes.first.call("POST", `/v1/agents/${NODES_AGENT}/runs`, { input, ...extra });
    return ((await response.json()) as { id: string }).id;
  };

  test(
    "a run is cancelled through the gateway that does not work on it",
    async () => {
      const call = nodes.model.manual();
      const id = await start("go");
      await call.arrived;
      await call.send("half");
      expect((await nodes.second.call("POST", `/v1/runs/${id}/cancel`)).status).toBe(200);
      await call.aborted;
      expect(await waitForEnd(id)).toMatchObject({ status: "cancelled" });
    },
    TIMEOUT,
  );

  test(
    "a run is interrupted by a message that reaches the other gateway, whose run follows",
    async () => {
      const session_key = `agent:${NODES_AGENT}:interrupted`;
      const call = nodes.model.manual();
      const id = await start("go", { session_key });
      await call.arrived;
      const body = { input: "stop that", session_key, on_busy: "interrupt" };
      const response = await nodes.second.call("POST", `/v1/agents/${NODES_AGENT}/runs`, body);
      const next = ((await response.json()) as { id: string }).id;
      await call.aborted;
      expect(await waitForEnd(id)).toMatchObject({ status: "cancelled" });
      expect(await waitForEnd(next)).toMatchObject({ status: "completed", output: "echo: stop that" });
    },
    TIMEOUT,
  );

  test(
    "a waiting run that the other gateway cancels ends for those who follow it here",
    async () => {
      const session_key = `agent:${NODES_AGENT}:waiting`;
      const call = nodes.model.manual();
      const first = await start("one", { session_key });
      await call.arrived;
      const second = await start("two", { session_key });
      const events = await nodes.first.call("GET", `/v1/runs/${second}/events`);
      expect((await nodes.second.call("POST", `/v1/runs/${second}/cancel`)).status).toBe(200);
      expect(await events.text()).toContain("run.cancelled");
      await call.finish();
      await waitForEnd(first);
    },
    TIMEOUT,
  );

  /** Creates a key for the scope `write`, and returns its id and its headers. */
  const aKey = async (extra: object = {}) => {
    const body = { name: "k", scopes: ["write"], ...extra };
    const { id, key } = await jsonOf(nodes.first.call("POST", "/v1/api-keys", body));
    return { id, headers: { Authorization: `Bearer ${key}` } };
  };
  const untilStatus = async (expected: number, ask: () => Promise<Response>) => {
    while ((await ask()).status !== expected) await Bun.sleep(20);
  };

  test(
    "a key that one revokes is refused by the other",
    async () => {
      const { id, headers } = await aKey();
      const ask = () => nodes.second.call("GET", "/v1/agents", undefined, headers);
      expect((await ask()).status).toBe(200);
      await nodes.first.call("DELETE", `/v1/api-keys/${id}`);
      await untilStatus(401, ask);
    },
    TIMEOUT,
  );

  test(
    "a key that one has refused as unknown works there as soon as the other creates it",
    async () => {
      const { headers } = await aKey();
      await untilStatus(200, () => nodes.second.call("GET", "/v1/agents", undefined, headers));
    },
    TIMEOUT,
  );

  test(
    "a tenant that one suspends is refused by the other until it is active again",
    async () => {
      const owner = { "X-GoClaw-User-Id": "system" };
      const { id } = await jsonOf(nodes.first.call("POST", "/v1/tenants", { name: "T", slug: "t" }, owner));
      const ask = () => nodes.second.call("GET", "/v1/agents", undefined, { "X-GoClaw-Tenant-Id": "t" });
      const set = (status: string) => nodes.first.call("PATCH", `/v1/tenants/${id}`, { status }, owner);
      await untilStatus(200, ask);
      await set("suspended");
      await untilStatus(403, ask);
      await set("active");
      await untilStatus(200, ask);
    },
    TIMEOUT,
  );

  test(
    "a provider, an agent and a tool that one changes are changed for the other's next run",
    async () => {
      const runOn = async () => {
        const headers = { Accept: "application/json" };
        const path = `/v1/agents/${NODES_AGENT}/wake`;
        return (await nodes.second.call("POST", path, { message: "hello" }, headers)).status;
      };
      const offers = () => JSON.stringify(nodes.model.requests.at(-1)?.body).includes('"write_file"');
      const until = async (isDone: () => boolean) => {
        do expect(await runOn()).toBe(200);
        while (!isDone());
      };
      await until(offers);
      await nodes.first.call("PUT", "/v1/tools/builtin/write_file", { enabled: false });
      await until(() => !offers());
      await nodes.first.call("PUT", `/v1/agents/${NODES_AGENT}`, { model: "another-model" });
      await until(() => JSON.stringify(nodes.model.requests.at(-1)?.body).includes("another-model"));
      const { providers } = await jsonOf(nodes.first.call("GET", "/v1/providers"));
      const id = providers.find(({ name }: { name: string }) => name === NODES_AGENT).id;
      await nodes.first.call("PUT", `/v1/providers/${id}`, { api_key: "sk-other" });
      await until(() => nodes.model.requests.at(-1)?.headers.authorization === "Bearer sk-other");
    },
    TIMEOUT,
  );

  test(
    "a stream on one ends when the other revokes its key, and a run stops when the other switches its agent off",
    async () => {
      const { id: keyId, headers } = await aKey({ scopes: ["admin"] });
      const call = nodes.model.manual();
      const id = await start("go");
      await call.arrived;
      const stream = await nodes.first.call("GET", `/v1/runs/${id}/events`, undefined, headers);
      expect(stream.status).toBe(200);
      await nodes.second.call("DELETE", `/v1/api-keys/${keyId}`);
      expect(await stream.text()).toContain('"UNAUTHORIZED"');

      await nodes.second.call("PUT", `/v1/agents/${NODES_AGENT}`, { status: "inactive" });
      await untilStatus(409, () => nodes.first.call("POST", `/v1/agents/${NODES_AGENT}/wake`, { message: "hi" }));
      await call.toolCall({ name: "datetime", arguments: {} });
      await call.finish();
      expect(await waitForEnd(id)).toMatchObject({
        status: "failed",
        error: { details: { reason: "agent_inactive" } },
      });
      await nodes.second.call("PUT", `/v1/agents/${NODES_AGENT}`, { status: "active" });
      await untilStatus(200, () => nodes.first.call("POST", `/v1/agents/${NODES_AGENT}/wake`, { message: "hi" }));
    },
    TIMEOUT,
  );

  test(
    "they hear of each other again after the database ended all their connections",
    async () => {
      const { id, headers } = await aKey();
      const ask = () => nodes.second.call("GET", "/v1/agents", undefined, headers);
      await untilStatus(200, ask);
      await endConnections(nodes.first.site.databaseUrl ?? "");
      await untilStatus(200, () => nodes.first.call("DELETE", `/v1/api-keys/${id}`));
      await untilStatus(401, ask);
    },
    TIMEOUT,
  );

  test(
    "a third one with a copy of a home is refused in words, and the run of the original goes on",
    async () => {
      const call = nodes.model.manual();
      const id = await start("go");
      await call.arrived;
      const copy = await createSecondSite(nodes.first.site);
      cpSync(nodes.first.site.home, copy.home, { recursive: true });
      const third = startServer(copy);
      expect(await third.exited).toBe(1);
      expect(third.errors()).toContain("Another gateway with the same node-id uses this database");
      rmSync(copy.home, { recursive: true });
      await call.send("well");
      await call.finish();
      expect(await waitForEnd(id)).toMatchObject({ status: "completed", output: "well", attempt: 1 });
    },
    TIMEOUT,
  );
});
