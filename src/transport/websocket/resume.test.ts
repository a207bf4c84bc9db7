import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { createPlannedModel, toPrompt } from "#testing/crash/planned-model.ts";
import { createAgent } from "#testing/create-agent.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";
import { RunFollower } from "#testing/run-follower.ts";
import { createServerSite, type ServerProcess, type ServerSite, startReadyServer } from "#testing/server-process.ts";
import { followOverSocket, readOnSocket } from "#testing/sockets/follow-run.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;
const RESUMPTIONS = 1_000;

const upTo = (max: number) => 1 + Math.floor(Math.random() * max);

describe.each([...testDialects()])("a run that is followed over sockets on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  afterAll(() => gateway.stop());

  test(
    "has no gap and no duplicate when it is resumed a thousand times, and one text at all doors",
    async () => {
      const { model, call, waitForEnd } = gateway;
      const upstream = model.manual();
      const { body: run } = await call("POST", "/v1/agents/openai/runs", { input: "write a book" });
      await upstream.arrived;
      let text = "";
      const isOver = { value: false };
      const writing = (async () => {
        for (let piece = 0; !isOver.value; piece++) {
          const more = `${piece} ở đây 🦊${"\n".repeat(piece % 3)}`;
          text += more;
          await upstream.send(more);
          await Bun.sleep(1);
        }
        await upstream.finish();
      })();
      const follower = new RunFollower(run.id);
      let socket = await openSocket(gateway, { params: { dialect: "operations", feed: "none" } });
      for (let count = 0; count < RESUMPTIONS; count++) {
        if (count % 50 === 49) {
          await socket.close();
          socket = await openSocket(gateway, { params: { dialect: "operations", feed: "none" } });
        }
        // A client may lose the last of what it has read.
        if (Math.random() < 0.2) follower.rewind(upTo((follower.currentText ?? "").length));
        await readOnSocket(socket, follower, upTo(4));
      }
      isOver.value = true;
      await writing;
      await readOnSocket(socket, follower, Number.POSITIVE_INFINITY);
      await socket.close();
      expect(follower.problems).toEqual([]);
      expect([...follower.texts.values()]).toEqual([text]);

      const overSse = new RunFollower(run.id);
      await overSse.read(gateway.url, { headers: { Authorization: `Bearer ${gateway.token}` } });
      expect(overSse.problems).toEqual([]);
      expect([...overSse.texts.values()]).toEqual([text]);
      expect((await waitForEnd(run.id)).output).toBe(text);
    },
    TIMEOUT,
  );
});

describe.each([...testDialects()])("a run that is followed across the death of its process on %s", (dialect) => {
  let model: ModelServer;
  let site: ServerSite;
  let server: ServerProcess;
  beforeAll(async () => {
    model = await startModelServer();
    model.script(createPlannedModel());
    site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
    server = await startReadyServer(site);
    await createAgent(site, { modelUrl: model.url, agent: "restarted" });
  }, TIMEOUT);
  afterAll(async () => {
    server.signal("SIGKILL");
    await server.exited;
    await model.stop();
    await site.remove();
  });

  test(
    "is the same story over a socket, over SSE and as a document",
    async () => {
      const access = () => ({ url: site.url, token: site.token() });
      const input = toPrompt({ id: `socket-${dialect}`, steps: [["append"], ["read", "replace"]], words: 60 });
      const { id } = await site.call("POST", "/v1/agents/restarted/runs", { input });
      const follower = new RunFollower(id);
      const readUntil = async (isDone: () => boolean) => {
        while (!follower.isOver && !isDone()) {
          await followOverSocket(access(), follower, upTo(20)).catch(() => Bun.sleep(10));
        }
      };
      for (const word of [/ω1\d /, /ω3\d /]) {
        await readUntil(() => word.test(follower.currentText ?? ""));
        server.signal("SIGKILL");
        await server.exited;
        server = await startReadyServer(site);
      }
      await readUntil(() => false);
      expect(follower.problems).toEqual([]);
      expect(follower.events.at(-1)?.type).toBe("run.completed");
      const overSse = new RunFollower(id);
      await overSse.read(site.url, { headers: { Authorization: `Bearer ${site.token()}` } });
      expect(overSse.events).toEqual(follower.events);
      expect([...overSse.texts.values()]).toEqual([...follower.texts.values()]);
    },
    TIMEOUT,
  );
});
