import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { createAgent } from "#testing/create-agent.ts";
import { type ModelServer, startModelServer } from "#testing/model-server.ts";
import {
  createServerSite,
  SERVE_COMMAND,
  type ServerProcess,
  type ServerSite,
  startReadyServer,
} from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const DESCRIPTORS = 200;
const AGENT = "busy";

/** What strangers send: nothing, half a request, or a whole one that is refused. */
const STRANGERS = ["", "GET /v1/agents HTTP/1.1\r\nHost: x\r\nX-Half", "GET /v1/agents HTTP/1.1\r\nHost: x\r\n\r\n"];

describe.each([...testDialects()])("strangers who open many connections, on %s", (dialect) => {
  let model: ModelServer;
  let site: ServerSite;
  let server: ServerProcess;
  beforeAll(async () => {
    model = await startModelServer();
    site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
    const command = ["bash", "-c", `ulimit -n ${DESCRIPTORS}; exec "$0" "$@"`, ...SERVE_COMMAND];
    server = await startReadyServer(site, { command });
    await createAgent({ url: site.url, token: site.token() }, { modelUrl: model.url, agent: AGENT });
  }, TIMEOUT);
  afterAll(async () => {
    server.signal("SIGKILL");
    await server.exited;
    await Promise.all([model.stop(), site.remove()]);
  });

  const chat = (content: string) =>
    fetch(`${site.url}/v1/chat/completions`, {
      method: "POST",
      headers: { Authorization: `Bearer ${site.token()}`, "X-GoClaw-User-Id": "ada" },
      body: JSON.stringify({ model: `goclaw:${AGENT}`, messages: [{ role: "user", content }], stream: true }),
      keepalive: false,
    });
  const connected = (sent: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect(site.port, "127.0.0.1", () => {
      socket.write(sent);
      resolve();
    });
    socket.on("error", () => {}).resume();
    return promise;
  };

  test.each(STRANGERS)(
    "lose them to the calls of others, having sent %j",
    async (sent) => {
      const call = model.manual();
      const open = await chat("wait");
      await call.arrived;
      await Promise.all(Array.from({ length: 2 * DESCRIPTORS }, () => connected(sent)));
      const other = await chat("hello");
      expect(await other.text()).toContain("[DONE]");
      await call.send("still here");
      await call.finish();
      expect(await open.text()).toContain("still here");
    },
    TIMEOUT,
  );
});
