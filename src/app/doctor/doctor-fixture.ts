import { expect, onTestFinished } from "bun:test";
import { runGoclaw } from "#testing/run-goclaw.ts";
import { createServerSite, type ServerProcess, type ServerSite, startReadyServer } from "#testing/server-process.ts";
import type { TestDialect } from "#testing/test-database.ts";

const servers: ServerProcess[] = [];

/** A home without anything in it, which goes with the test, after the gateways that still run. */
export async function aSite(dialect: TestDialect = "sqlite"): Promise<ServerSite> {
  const site = await createServerSite(dialect);
  onTestFinished(async () => {
    for (const server of servers.splice(0)) {
      server.signal("SIGKILL");
      await server.exited;
    }
    await site.remove();
  });
  return site;
}

export async function start(site: ServerSite, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const server = await startReadyServer(site, { env });
  servers.push(server);
  return server;
}

/** A home that a gateway has used, with these providers beside its own. */
export async function aUsedSite(providers: readonly object[] = [], allowHosts = "", dialect: TestDialect = "sqlite") {
  const site = await aSite(dialect);
  const server = await start(site, { GOCLAW_EGRESS_ALLOW_HOSTS: allowHosts });
  for (const provider of providers) await addProvider(site, provider);
  server.signal("SIGTERM");
  expect(await server.exited).toBe(0);
  return site;
}

/** Adds a provider to the master tenant, or to that of the headers. */
export const addProvider = (site: ServerSite, provider: object, headers: Readonly<Record<string, string>> = {}) =>
  create(site, "/v1/providers", { provider_type: "openai_compat", api_key: "sk-test", ...provider }, headers);

export async function create(
  site: ServerSite,
  path: string,
  fields: object,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const headers = { Authorization: `Bearer ${site.token()}`, "Content-Type": "application/json", ...more };
  const body = JSON.stringify(fields);
  const { status } = await fetch(`${site.url}${path}`, { method: "POST", headers, body, keepalive: false });
  expect(status).toBe(201);
}

/** What doctor says of a site, line by line. */
export async function examine(site: ServerSite, env: Readonly<Record<string, string>> = {}) {
  const database: Record<string, string> = site.databaseUrl ? { DATABASE_URL: site.databaseUrl } : {};
  const { stdout, stderr, exitCode } = await runGoclaw(site.home, ["doctor"], {
    GOCLAW_PORT: String(site.port),
    ...database,
    ...env,
  });
  expect(stderr).toBe("");
  return { lines: stdout.trimEnd().split("\n"), exitCode };
}
