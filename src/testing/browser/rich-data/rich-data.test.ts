import { afterAll, describe, expect, test } from "bun:test";
import { OWNER } from "#features/tenants/tenant-fixture.ts";
import { RICH_CHANNELS } from "#testing/browser/rich-data/add-channels.ts";
import { BUSY_SESSION } from "#testing/browser/rich-data/add-odd-runs.ts";
import { RICH_TENANTS } from "#testing/browser/rich-data/add-people.ts";
import { RICH_MCP } from "#testing/browser/rich-data/add-tools.ts";
import { startRichGateway } from "#testing/browser/rich-data/start-rich-gateway.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("the data of a company on %s", async (dialect) => {
  const gateway = await startRichGateway({ dialect });
  afterAll(() => gateway.stop());
  const get = async (path: string, options: CallOptions = {}) =>
    (await gateway.call("GET", path, undefined, options)).body;
  const { runs, agents, providers } = gateway.rich;

  test("has runs in every state, over two weeks until now", async () => {
    const { runs: all, total } = await get("/v1/runs?limit=200");
    expect(total).toBeGreaterThan(100);
    const statuses = new Set(all.map(({ status }: { readonly status: string }) => status));
    expect([...statuses].sort()).toEqual(["cancelled", "completed", "failed", "queued", "running"]);
    const days = new Set(all.map((run: { readonly created_at: string }) => run.created_at.slice(0, 10)));
    expect(days.size).toBeGreaterThanOrEqual(13);
    expect(Date.parse(all[0].created_at)).toBeLessThanOrEqual(Date.now());
    const statusOf = async (id: string) => (await get(`/v1/runs/${id}`)).status;
    expect(await Promise.all([runs.failed, runs.cancelled, runs.running, runs.queued].map(statusOf))).toEqual([
      ...["failed", "cancelled", "running", "queued"],
    ]);
    expect((await get(`/v1/runs/${runs.fallback}`)).provider).toBe("openai");
    expect((await get(`/v1/runs/${runs.retried}`)).session_key).not.toBe(BUSY_SESSION);
    expect((await get(`/v1/runs/${runs.delegated}`)).kind).toBe("delegate");
  });

  test("has calls of tools that succeeded and that failed", async () => {
    const calls = new Map<string, boolean>();
    for (const name of ["release:release-notes-2-8", "support:refund-a-10442", "support:carrier-status"]) {
      const { messages } = await get(`/v1/sessions/${encodeURIComponent(`agent:${name}`)}/messages`);
      for (const part of messages.flatMap((message: { readonly parts: readonly object[] }) => message.parts)) {
        if (part.type === "tool_result") calls.set(part.name, !part.is_error);
      }
    }
    expect(Object.fromEntries(calls)).toEqual({
      ...{ use_skill: true, mcp_tickets__search_tickets: true, write_file: true, order_status: true },
      ...{ web_fetch: false, read_file: false },
    });
  });

  test("has agents, providers, tools, channels and tenants, working and not", async () => {
    expect([Object.keys(agents).length, Object.keys(providers).length]).toEqual([8, 6]);
    expect((await get("/v1/sessions?limit=200")).sessions.length).toBeGreaterThan(50);
    const { instances } = await get("/v1/channel-instances");
    const states = instances.map(({ name, health }: { readonly name: string; readonly health: { state: string } }) => [
      name,
      health.state,
    ]);
    expect(Object.fromEntries(states)).toEqual({
      ...{ [RICH_CHANNELS.running]: "healthy", [RICH_CHANNELS.healthyBot]: "healthy" },
      ...{ [RICH_CHANNELS.failed]: "failed", [RICH_CHANNELS.off]: "registered" },
    });
    const bot = instances.find(({ name }: { readonly name: string }) => name === RICH_CHANNELS.healthyBot);
    const { messages } = await get(`/v1/channel-instances/${bot.id}/outbound`);
    expect(messages.map(({ state }: { readonly state: string }) => state)).toEqual([
      ...["pending", "uncertain", "failed", "sent"],
    ]);
    const { servers } = await get("/v1/mcp/servers");
    expect(servers.map(({ name }: { readonly name: string }) => name)).toEqual([RICH_MCP.working, RICH_MCP.broken]);
    const { tenants } = await get("/v1/tenants", OWNER);
    expect(tenants.map(({ slug }: { readonly slug: string }) => slug).sort()).toEqual([
      ...["master", RICH_TENANTS.first, RICH_TENANTS.second],
    ]);
    expect((await get("/v1/usage/summary?period=30d")).current.cost).toBeGreaterThan(0.1);
  });
});
