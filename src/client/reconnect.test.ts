import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, createClient, GoClawError } from "#client/index.ts";
import { createPlannedModel, toPrompt } from "#testing/crash/planned-model.ts";
import { createAgent } from "#testing/create-agent.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";
import { createServerSite, type ServerProcess, type ServerSite, startReadyServer } from "#testing/server-process.ts";

const PATIENCE = 60_000;

describe("the client, while its gateway dies and comes back", () => {
  let model: ModelServer;
  let site: ServerSite;
  let server: ServerProcess;
  let client: Client;
  beforeAll(async () => {
    model = await startModelServer();
    model.script(createPlannedModel());
    site = await createServerSite("sqlite", { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
    server = await startReadyServer(site);
    await createAgent(site, { modelUrl: model.url, agent: "restarted" });
    client = createClient({ url: site.url, token: site.token(), userId: "ada" });
  }, PATIENCE);
  afterAll(async () => {
    server.signal("SIGKILL");
    await server.exited;
    await Promise.all([model.stop(), site.remove()]);
  });
  const kill = async () => {
    server.signal("SIGKILL");
    await server.exited;
  };
  const restart = async () => {
    await kill();
    server = await startReadyServer(site);
  };

  test.each(["http", "socket"] as const)(
    "reads a run to its end over %s, without gap or duplicate",
    async (door) => {
      const live = door === "socket" ? client.connect({ feed: "none" }) : client;
      const input = toPrompt({ id: `client-${door}`, steps: [["append"], ["read"]], words: 80 });
      const { id } = await client.call("runs.start", { id: "restarted", input });
      const texts = new Map<string, string>();
      const seqs: number[] = [];
      let hasDied = false;
      for await (const event of live.followRun(id)) {
        if (event.type === "text.delta") {
          expect(event.offset).toBe((texts.get(event.messageId) ?? "").length);
          texts.set(event.messageId, (texts.get(event.messageId) ?? "") + event.text);
        } else if (event.type !== "reasoning.delta" && event.type !== "tool.progress") seqs.push(event.seq);
        if (event.type === "message.reset") texts.delete(event.messageId);
        if (hasDied || event.type !== "text.delta" || event.offset < 40) continue;
        hasDied = true;
        await restart();
      }
      expect(hasDied).toBe(true);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
      expect([...texts.values()].at(-1)).toBe((await client.call("runs.get", { id })).output ?? "");
      if ("close" in live) live.close();
    },
    PATIENCE,
  );

  test(
    "sends what was under way once more, with one effect",
    async () => {
      const live = client.connect();
      await live.ready;
      await kill();
      const waiting = live.call("agents.create", { agent_key: "made-once", provider: "demo", model: "demo" });
      server = await startReadyServer(site);
      expect(await waiting).toMatchObject({ agent_key: "made-once" });
      live.close();
    },
    PATIENCE,
  );

  test(
    "hears that events may be missing",
    async () => {
      const live = client.connect();
      await live.ready;
      const events = live.events();
      const first = events.next();
      await restart();
      expect((await first).value).toEqual({ type: "feed.reset" });
      live.close();
      expect(await events.next().catch((thrown: unknown) => thrown)).toBeInstanceOf(GoClawError);
    },
    PATIENCE,
  );

  test("does not come back after a refusal", async () => {
    const refused = createClient({ url: site.url, token: "wrong" }).connect();
    expect(await refused.ready.catch((thrown: unknown) => thrown)).toMatchObject({ code: "UNAUTHORIZED" });
    expect(await refused.call("agents.list").catch((thrown: unknown) => thrown)).toMatchObject({
      code: "UNAUTHORIZED",
    });
  });

  test("says what it cannot reach", async () => {
    const nowhere = createClient({ url: "http://127.0.0.1:9", retries: 0 });
    expect(await nowhere.call("agents.list").catch((thrown: unknown) => thrown)).toMatchObject({
      code: "CONNECTION_FAILED",
      retryable: true,
    });
  });
});
