import { afterAll, beforeAll, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { aServer } from "#testing/egress-fixture.ts";
import { plantHostileFiles } from "#testing/hostile-directory.ts";
import { createServerSite, type ServerSite, startReadyServer } from "#testing/server-process.ts";
import { readChatStream } from "#testing/streams/read-chat-stream.ts";

const ROOT = join(import.meta.dir, "../..");
const command = [join(ROOT, "dist", "goclaw")];
const TIMEOUT = 120_000;

let site: ServerSite;

beforeAll(async () => {
  const { status, stderr } = spawnSync("node", [join(ROOT, "scripts", "build.mjs")], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the build ended with ${status}: ${stderr}`);
  site = await createServerSite("sqlite");
}, TIMEOUT);

afterAll(() => site.remove());

test(
  "the executable answers, serves its docs and stops gracefully, whatever files its directory has",
  async () => {
    const { hasRun } = plantHostileFiles(site.home);
    const server = await startReadyServer(site, { command, env: { GOCLAW_LOG_LEVEL: "silent" } });
    try {
      const response = await fetch(`${site.url}/v1/chat/completions`, {
        method: "POST",
        headers: { Authorization: `Bearer ${site.token()}`, "Content-Type": "application/json" },
        body: JSON.stringify({ model: "goclaw:default", stream: true, messages: [{ role: "user", content: "hi" }] }),
      });
      const { text, isDone } = await readChatStream(response);
      expect([text.length > 0, isDone]).toEqual([true, true]);

      const page = await (await fetch(`${site.url}/docs`)).text();
      const asset = /src="([^"]+)"/.exec(page)?.[1] ?? "";
      const script = await fetch(new URL(asset, `${site.url}/docs`));
      expect([script.status, (await script.text()).length > 0]).toEqual([200, true]);

      const dashboard = await fetch(site.url, { headers: { Accept: "text/html" } });
      expect(dashboard.headers.get("content-security-policy")).toContain("default-src 'none'");
      const [entry = ""] = /\/assets\/[\w-]+\.js/.exec(await dashboard.text()) ?? [];
      const code = await fetch(site.url + entry, { headers: { "Accept-Encoding": "gzip" }, decompress: false });
      expect([code.status, code.headers.get("content-encoding")]).toEqual([200, "gzip"]);

      server.signal("SIGTERM");
      expect(await server.exited).toBe(0);
      expect(server.errors()).toBe("");
      expect(hasRun()).toBe(false);
    } finally {
      server.signal("SIGKILL");
    }
  },
  TIMEOUT,
);

test(
  "the executable can start worker threads: it reads a web page",
  async () => {
    const page = await aServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>Read by a thread</h1>");
    });
    const env = { GOCLAW_LOG_LEVEL: "silent", GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${page.port}` };
    const server = await startReadyServer(site, { command, env });
    try {
      const content = `call web_fetch ${JSON.stringify({ url: page.url })}`;
      const response = await fetch(`${site.url}/v1/chat/completions`, {
        method: "POST",
        headers: { Authorization: `Bearer ${site.token()}`, "Content-Type": "application/json" },
        body: JSON.stringify({ model: "goclaw:default", stream: true, messages: [{ role: "user", content }] }),
      });
      expect((await readChatStream(response)).text).toContain("# Read by a thread");
    } finally {
      server.signal("SIGKILL");
    }
  },
  TIMEOUT,
);
