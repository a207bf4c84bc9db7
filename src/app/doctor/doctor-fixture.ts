import { expect, onTestFinished } from "bun:test";
import { runGoclaw } from "#testing/run-goclaw.ts";
import { createServerSite, type ServerProcess, type ServerSite, startReadyServer } from "#testing/server-process.ts";
import type { TestDialect } from "#testing/test-database.ts";

const servers: ServerProcess[] = [];

/** Creates an empty home. At the end of the test, kills the gateways that still run and removes the home. */
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

/** Creates a home that a gateway has used, with these providers in addition to its own. */
export async function aUsedSite(providers: readonly object[] = [], allowHosts = "", dialect: TestDialect = "sqlite") {
  const site = await aSite(dialect);
  const server = await start(site, { GOCLAW_EGRESS_ALLOW_HOSTS: allowHosts });
  for (const provider of providers) await addProvider(site, provider);
  server.signal("SIGTERM");
  expect(await server.exited).toBe(0);
  return site;
}

/** Adds a provider to the master tenant, or to the tenant that the headers name. */
export const addProvider = (site: ServerSite, provider: object, headers: Readonly<Record<string, string>> = {}) =>
  create(site, "/v1/providers", { provider_type: "openai_compat", api_key: "sk-test", ...provider }, headers);

export async function create(
  site: ServerSite,
  path: string,
  fields: object,
  extraHeaders: Readonly<Record<string, string>> = {},
): Promise<void> {
  const headers = { Authorization: `Bearer ${site.token()}`, "Content-Type": "application/json", ...extraHeaders };
  const body = JSON.stringify(fields);
  const { status } = await fetch(`${site.url}${path}`, { method: "POST", headers, body, keepalive: false });
  expect(status).toBe(201);
}

/** Runs `goclaw doctor` for a site. Returns the lines it prints and its exit code. */
export async function examine(site: ServerSite, env: Readonly<Record<string, string>> = {}) {
  const database: Record<string, string> = site.databaseUrl ? { DATABASE_URL: site.databaseUrl } : {};
  const { stdout, stderr, exitCode } = await runGoclaw(site.home, ["doctor"], {
    GOCLAW_PORT: String(site.port),
    // What it says about a sandbox depends on the machine.
    GOCLAW_SANDBOX_MODE: "off",
    ...database,
    ...env,
  });
  expect(stderr).toBe("");
  return { lines: stdout.trimEnd().split("\n"), exitCode };
}
