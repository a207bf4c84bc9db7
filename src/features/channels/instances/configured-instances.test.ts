import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deliver, PROGRAM_SECRET } from "#testing/channels/webhook-program.ts";
import { createServerSite, type ServerProcess, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const NAME = "chương trình 程序";
// biome-ignore lint/suspicious/noTemplateCurlyInString: the gateway replaces it
const PROGRAM = { channel_type: "webhook", credentials: { secret: "${PROGRAM_SECRET}" } };

describe.each([...testDialects()])("accounts of the configuration on %s", async (dialect) => {
  const site = await createServerSite(dialect);
  let server: ServerProcess | undefined;
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    server?.signal(signal);
    await server?.exited;
  };
  afterEach(() => stop("SIGKILL"));
  afterAll(() => site.remove());
  const startWith = async (instances: object, env: Readonly<Record<string, string>> = {}) => {
    await stop();
    writeFileSync(join(site.home, "config.json"), JSON.stringify({ channels: { instances } }));
    server = await startReadyServer(site, { env: { PROGRAM_SECRET, GOCLAW_LOG_LEVEL: "warn", ...env } });
  };
  const list = async () => (await site.call("GET", "/v1/channel-instances")).instances;
  const eventsOf = async (id: string): Promise<readonly string[]> => {
    const { logs } = await site.call("GET", `/v1/activity?entity_type=channel_instance&entity_id=${id}&limit=50`);
    return logs.map(({ action }: { readonly action: string }) => action).toReversed();
  };

  test(
    "exist from the start, work, change with the file alone, and go with it",
    async () => {
      await startWith({ [NAME]: PROGRAM });
      const [first, ...others] = await list();
      expect(others).toEqual([]);
      expect(first).toMatchObject({
        ...{ name: NAME, channel_type: "webhook", enabled: true, is_default: true, source: "config" },
        ...{ credentials: { secret: "***" }, created_by: "system" },
      });
      const { id } = first;
      expect(await deliver(site, id, { message_id: "m-1", text: "hello" })).toMatchObject({
        status: 200,
        body: { status: "answered" },
      });

      for (const [method, body] of [["PUT", { enabled: false }], ["DELETE"]] as const) {
        const refused = await site.send(method, `/v1/channel-instances/${id}`, body);
        const { error } = (await refused.json()) as { error: { code: string } };
        expect([refused.status, error.code]).toEqual([409, "FAILED_PRECONDITION"]);
      }

      await startWith({ [NAME]: PROGRAM });
      expect(await list()).toMatchObject([{ id, updated_at: first.updated_at }]);
      expect(await eventsOf(id)).toEqual(["channel_instance.created"]);

      const other = "another-secret-of-16";
      await startWith({ [NAME]: { ...PROGRAM, display_name: "Mine" } }, { PROGRAM_SECRET: other });
      expect(await list()).toMatchObject([{ id, display_name: "Mine" }]);
      expect((await deliver(site, id, { message_id: "m-2", text: "hello" })).status).toBe(401);
      expect((await deliver(site, id, { message_id: "m-3", text: "hello" }, { secret: other })).status).toBe(200);

      await startWith({});
      expect(await list()).toEqual([]);
      expect((await deliver(site, id, { message_id: "m-4", text: "hello" }, { secret: other })).status).toBe(404);
      expect(await eventsOf(id)).toEqual([
        "channel_instance.created",
        "channel_instance.updated",
        "channel_instance.deleted",
      ]);
    },
    TIMEOUT,
  );

  test(
    "take the place of one with their name, leave the others alone, and wait for an agent that there is not",
    async () => {
      await startWith({});
      const shared = { channel_type: "webhook", agent_id: "default", credentials: { secret: PROGRAM_SECRET } };
      const taken = await site.call("POST", "/v1/channel-instances", { ...shared, name: "taken" });
      const kept = await site.call("POST", "/v1/channel-instances", { ...shared, name: "kept" });
      await startWith({ taken: PROGRAM, lonely: { ...PROGRAM, agent_id: "nobody" } });
      expect(await list()).toMatchObject([
        { id: kept.id, source: "api" },
        { id: taken.id, source: "config" },
      ]);
      expect(server?.errors()).toContain("an account of the configuration has no agent");
      expect(server?.errors()).not.toContain(PROGRAM_SECRET);
    },
    TIMEOUT,
  );
});
