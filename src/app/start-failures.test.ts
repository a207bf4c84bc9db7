import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import {
  createServerSite,
  type ServerProcess,
  type ServerSite,
  startReadyServer,
  startServer,
} from "#testing/server-process.ts";

const TIMEOUT = 30_000;
const LONGEST_END_MS = 10_000;

let site: ServerSite;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  site = await createServerSite("sqlite");
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.signal("SIGKILL");
    await server.exited;
  }
  await site.remove();
});

/** What the gateway says instead of starting. */
async function refusal(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = startServer(site, { env });
  servers.push(server);
  const exitCode = await Promise.race([server.exited, Bun.sleep(LONGEST_END_MS).then(() => "still there")]);
  expect([exitCode, server.errors()]).not.toContain("still there");
  expect(exitCode).toBeGreaterThan(0);
  expect(server.errors()).toMatch(/^goclaw: [^\n]+\.\n$/);
  expect(server.output()).toBe("");
  return server.errors();
}

async function startOnce(): Promise<void> {
  const server = await startReadyServer(site);
  server.signal("SIGTERM");
  expect(await server.exited).toBe(0);
}

test(
  "a port that is taken",
  async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(site.port, "127.0.0.1", resolve));
    expect(await refusal()).toContain(`Port ${site.port} on 127.0.0.1 is taken`);
    other.close();
  },
  TIMEOUT,
);

test(
  "a home that cannot be written to",
  async () => {
    writeFileSync(join(site.home, "file"), "");
    expect(await refusal({ GOCLAW_HOME: join(site.home, "file", "home") })).toContain("cannot be used (ENOTDIR)");
    expect(await refusal({ GOCLAW_HOME: "/proc/goclaw" })).toContain("cannot be used");
  },
  TIMEOUT,
);

test(
  "a configuration that cannot be read, or asks for what is not allowed",
  async () => {
    await startOnce();
    writeFileSync(join(site.home, "config.json"), "{");
    expect(await refusal()).toContain("config.json");
    writeFileSync(join(site.home, "config.json"), '{ runs: { timeout_seconds: "soon" } }');
    expect(await refusal()).toContain("timeout_seconds");
    writeFileSync(join(site.home, "config.json"), "{}");
    expect(await refusal({ GOCLAW_PORT: "high" })).toContain("GOCLAW_PORT");
  },
  TIMEOUT,
);

test(
  "a database of a newer version, which is left as it is",
  async () => {
    await startOnce();
    const database = new Database(join(site.home, "goclaw.db"));
    database.run("insert into schema_migrations (name, applied_at) values ('9999-later', '2099-01-01T00:00:00Z')");
    database.close();
    expect(await refusal()).toContain("made by a newer GoClaw");
  },
  TIMEOUT,
);

test(
  "a Postgres that does not answer, or not to us",
  async () => {
    expect(await refusal({ DATABASE_URL: "postgres://nobody:secret@127.0.0.1:9/none" })).not.toContain("secret");
    const admin = process.env.GOCLAW_TEST_POSTGRES_URL;
    if (!admin) return;
    const url = new URL(admin);
    url.pathname = "/no-such-database";
    expect(await refusal({ DATABASE_URL: url.href })).toContain("Postgres");
  },
  TIMEOUT,
);

test(
  "fail points outside of tests",
  async () => {
    const server = startServer(site, { env: { GOCLAW_FAILPOINTS: "run.ended", GOCLAW_TEST: "" } });
    servers.push(server);
    expect(await server.exited).not.toBe(0);
    expect(server.errors()).toContain("GOCLAW_TEST=1");
  },
  TIMEOUT,
);

test(
  "a home that another gateway works in, for as long as it lives",
  async () => {
    servers.push(await startReadyServer(site));
    expect(await refusal({ GOCLAW_PORT: String(site.port + 1) })).toContain("Another gateway runs with the home");
    const [first] = servers;
    first?.signal("SIGKILL");
    await first?.exited;
    servers.push(await startReadyServer(site));
  },
  TIMEOUT,
);
