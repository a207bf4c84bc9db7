import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createPlannedModel, toPrompt } from "#testing/crash/planned-model.ts";
import { createAgent } from "#testing/create-agent.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";
import { RunFollower } from "#testing/run-follower.ts";
import { createServerSite, type ServerProcess, type ServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const AGENT = "restarted";

const randomCut = () => 200 + Math.floor(Math.random() * 3_000);

describe.each([...testDialects()])("following a run across the death of its process on %s", (dialect) => {
  let model: ModelServer;
  let site: ServerSite;
  let server: ServerProcess;
  beforeAll(async () => {
    model = await startModelServer();
    model.script(createPlannedModel());
    site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
    server = await startReadyServer(site);
    await createAgent(site, { modelUrl: model.url, agent: AGENT });
  }, TIMEOUT);
  afterAll(async () => {
    server.signal("SIGKILL");
    await server.exited;
    await model.stop();
    await site.remove();
  });

  const headers = () => ({ Authorization: `Bearer ${site.token()}`, "Content-Type": "application/json" });
  const start = async (id: string): Promise<string> => {
    const input = toPrompt({ id, steps: [["append"], ["read", "replace"]], words: 60 });
    const body = JSON.stringify({ input });
    const request = { method: "POST", headers: headers(), body, keepalive: false };
    const response = await fetch(`${site.url}/v1/agents/${AGENT}/runs`, request);
    return ((await response.json()) as { id: string }).id;
  };
  const restart = async () => {
    server.signal("SIGKILL");
    await server.exited;
    server = await startReadyServer(site);
  };
  /** Reads until `isDone()` or until the run ends. Connects again whenever the connection breaks. */
  const readUntil = async (follower: RunFollower, isDone: () => boolean) => {
    while (!follower.isOver && !isDone()) {
      await follower.read(site.url, { headers: headers(), cutAfter: randomCut() }).catch(() => Bun.sleep(10));
    }
  };

  test(
    "text that the dead process had sent is reset, and the rest is complete",
    async () => {
      const id = await start(`killed-${dialect}`);
      const follower = new RunFollower(id);
      const isDone = () => /ω1\d /.test(follower.currentText ?? "");
      await readUntil(follower, isDone);
      const lost = follower.currentText ?? "";
      await restart();
      await readUntil(follower, () => false);

      expect(follower.problems).toEqual([]);
      const types = follower.events.map(({ type }) => type);
      expect(types.filter((type) => type === "message.reset")).toHaveLength(1);
      expect(types.filter((type) => type === "run.started")).toHaveLength(2);
      const texts = [...follower.texts.values()];
      expect(texts).toHaveLength(3);
      expect(texts.at(-1)).toContain(`end of killed-${dialect}`);
      expect(texts.at(-1)?.startsWith(lost)).toBe(false);

      const late = new RunFollower(id);
      await late.read(site.url, { headers: headers() });
      expect(late.problems).toEqual([]);
      expect(late.events).toEqual(follower.events);
      expect([...late.texts.values()]).toEqual(texts);
    },
    TIMEOUT,
  );

  test(
    "many followers that reconnect see the same events across two crashes",
    async () => {
      const ids = await Promise.all(["a", "b", "c", "d"].map((name) => start(`${name}-${dialect}`)));
      const followers = ids.flatMap((id) => [new RunFollower(id), new RunFollower(id)]);
      const reading = Promise.all(
        followers.map(async (follower) => {
          while (!follower.isOver) {
            await follower.read(site.url, { headers: headers(), cutAfter: randomCut() }).catch(() => Bun.sleep(10));
          }
        }),
      );
      for (let death = 0; death < 2; death++) {
        await Bun.sleep(150);
        await restart();
      }
      await reading;
      expect(followers.flatMap(({ problems }) => problems)).toEqual([]);
      for (const [index, follower] of followers.entries()) {
        if (index % 2 === 1) expect(follower.events).toEqual(followers[index - 1]?.events ?? []);
        expect(follower.events.at(-1)?.type).toBe("run.completed");
        expect([...follower.texts.values()]).toHaveLength(3);
      }
    },
    TIMEOUT,
  );
});
