import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { readRecords } from "#testing/crash/read-records.ts";
import { createAgent } from "#testing/create-agent.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";
import { createServerSite, type ServerProcess, type ServerSite, startReadyServer } from "#testing/server-process.ts";
import { readChatStream } from "#testing/streams/read-chat-stream.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const AGENT = "resident";

describe.each([...testDialects()])("a gateway on %s that receives a stop signal", (dialect) => {
  let model: ModelServer;
  let site: ServerSite;
  let server: ServerProcess;
  beforeAll(async () => {
    model = await startModelServer();
  });
  beforeEach(async () => {
    site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
    server = await startReadyServer(site);
    await createAgent(site, { modelUrl: model.url, agent: AGENT });
  }, TIMEOUT);
  afterEach(async () => {
    server.signal("SIGKILL");
    await server.exited;
    await site.remove();
  });
  afterAll(() => model.stop());

  const call = (method: string, path: string, body?: object, extraHeaders: object = {}) =>
    fetch(site.url + path, {
      method,
      headers: { Authorization: `Bearer ${site.token()}`, "Content-Type": "application/json", ...extraHeaders },
      ...(body && { body: JSON.stringify(body) }),
      keepalive: false,
    });
  const chat = (content: string, extraHeaders: object = {}) =>
    call("POST", "/v1/chat/completions", aChat(content), extraHeaders);
  const start = async (input: string): Promise<string> => {
    const response = await call("POST", `/v1/agents/${AGENT}/runs`, { input });
    return ((await response.json()) as { id: string }).id;
  };
  const runOf = async (id: string) =>
    (await call("GET", `/v1/runs/${id}`)).json() as Promise<{ status: string; attempt: number }>;
  const untilStopping = async () => {
    while ((await call("GET", "/ready")).status !== 503) await Bun.sleep(5);
  };
  const restart = async (env: Readonly<Record<string, string>> = {}) => {
    server.signal("SIGTERM");
    await server.exited;
    server = await startReadyServer(site, { env });
  };
  const waitForEnd = async (id: string) => {
    let run = await runOf(id);
    for (; ["queued", "running"].includes(run.status); run = await runOf(id)) await Bun.sleep(10);
    return run;
  };
  const deathsOf = async (id: string) => (await readRecords(site)).runs.find((run) => run.id === id)?.deaths;

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "refuses new work, lets an answer finish and leaves the rest for its next start: %s",
    async (signal) => {
      const answering = model.manual();
      const response = chat("attached");
      await answering.arrived;
      await answering.send("so ");
      const working = model.manual();
      const id = await start("detached");
      await working.arrived;

      server.signal(signal);
      await untilStopping();
      const refused = await call("POST", `/v1/agents/${AGENT}/runs`, { input: "new" });
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ error: { code: "UNAVAILABLE", retryable: true } });

      await working.toolCall({ name: "datetime", arguments: {} });
      await working.finish();
      await answering.send("far");
      await answering.finish();
      expect(await readChatStream(await response)).toEqual({ text: "so far", isDone: true, errorCode: undefined });
      expect(await server.exited).toBe(0);

      const before = model.requests.length;
      server = await startReadyServer(site);
      expect(await waitForEnd(id)).toMatchObject({ status: "completed", attempt: 2 });
      expect(model.requests.length - before).toBe(1);
      expect(await deathsOf(id)).toBe(0);
    },
    TIMEOUT,
  );

  test(
    "fails an answer that is not finished in time as interrupted",
    async () => {
      await restart({ GOCLAW_RUNS_DRAIN_SECONDS: "1" });
      const answering = model.manual();
      const response = chat("attached");
      await answering.arrived;
      await answering.send("so ");
      // The response begins with its first text, so the gateway has it before the signal.
      await response;
      server.signal("SIGTERM");
      expect(await readChatStream(await response)).toEqual({ text: "so ", isDone: false, errorCode: "UNAVAILABLE" });
      expect(await server.exited).toBe(0);
      server = await startReadyServer(site);
      const run = await runOf((await response).headers.get("x-goclaw-run-id") ?? "");
      expect(run).toMatchObject({
        status: "failed",
        error: { code: "UNAVAILABLE", details: { reason: "interrupted" } },
      });
    },
    TIMEOUT,
  );

  test(
    "tells its log when it begins to stop, and when it has",
    async () => {
      await restart({ GOCLAW_LOG_LEVEL: "info" });
      server.signal("SIGTERM");
      await server.exited;
      expect(server.errors()).toMatch(/"signal":"SIGTERM","msg":"stopping".*"msg":"stopped"/s);
      server = await startReadyServer(site);
    },
    TIMEOUT,
  );

  test(
    "ends although clients neither read their answers nor send their requests",
    async () => {
      await restart({ GOCLAW_RUNS_DRAIN_SECONDS: "1" });
      model.enqueue(...Array.from({ length: 3 }, () => ({ text: "x".repeat(1_900_000) })));
      const { hostname, port } = new URL(site.url);
      const open = (text: string) => {
        const socket = connect(Number(port), hostname);
        // The gateway closes the connection at its end.
        socket.on("error", () => {});
        socket.pause();
        socket.write(text);
        return socket;
      };
      const head = (length: number) =>
        `POST /v1/chat/completions HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${site.token()}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
      const body = JSON.stringify({ ...aChat("hi"), stream: true });
      const before = model.requests.length;
      const sockets = [1, 2, 3].map(() => open(head(body.length) + body));
      sockets.push(open(head(1_000)), open("GET /health HTTP/1.1\r\nHo"));
      while (model.requests.length < before + 3) await Bun.sleep(5);
      server.signal("SIGTERM");
      expect(await server.exited).toBe(0);
      for (const socket of sockets) socket.destroy();
    },
    TIMEOUT,
  );

  test(
    "continues background runs and runs with an idempotency key after its next start",
    async () => {
      await restart({ GOCLAW_RUNS_DRAIN_SECONDS: "0" });
      const key = { "Idempotency-Key": "once" };
      const calls = [model.manual(), model.manual()];
      const id = await start("detached");
      await calls[0]?.arrived;
      const response = chat("keyed", key);
      await calls[1]?.arrived;
      await calls[1]?.send("so ");
      // The response begins with its first text, so the gateway has it before the signal.
      await response;
      server.signal("SIGTERM");
      expect(await readChatStream(await response)).toEqual({ text: "so ", isDone: false, errorCode: "UNAVAILABLE" });
      expect(await server.exited).toBe(0);

      server = await startReadyServer(site);
      const again = await chat("keyed", key);
      expect(again.headers.get("x-goclaw-run-id")).toBe((await response).headers.get("x-goclaw-run-id"));
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      expect(await readChatStream(again)).toMatchObject({ text: "echo: keyed", isDone: true });
      expect(await waitForEnd(id)).toMatchObject({ status: "completed", attempt: 2 });
      expect(await deathsOf(id)).toBe(0);
    },
    TIMEOUT,
  );

  test(
    "ends although a provider goes on after its answer, when nobody reads any more",
    async () => {
      const answering = model.manual();
      const response = chat("hi");
      await answering.arrived;
      await answering.send("all of it");
      await answering.raw('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}');
      expect((await readChatStream(await response)).isDone).toBe(true);
      await answering.send(" and more");
      await answering.finish();
      server.signal("SIGTERM");
      expect(await server.exited).toBe(0);
      expect(server.errors()).not.toContain("kept the process from ending");
    },
    TIMEOUT,
  );

  test(
    "ends at once after a second signal",
    async () => {
      await restart({ GOCLAW_RUNS_DRAIN_SECONDS: "3600" });
      const answering = model.manual();
      const response = chat("attached").catch(() => undefined);
      await answering.arrived;
      server.signal("SIGTERM");
      await untilStopping();
      server.signal("SIGTERM");
      expect(await server.exited).toBe(1);
      await answering.aborted;
      await response;
    },
    TIMEOUT,
  );

  test(
    "starts again and then shows no token",
    async () => {
      const token = site.token();
      expect(server.output()).toContain(token);
      await restart();
      expect(server.output()).toContain(`is ready at ${site.url}`);
      expect(server.output()).not.toContain(token);
      expect(site.token()).toBe(token);
    },
    TIMEOUT,
  );
});

const aChat = (content: string) => ({
  model: `goclaw:${AGENT}`,
  stream: true,
  messages: [{ role: "user", content }],
});
