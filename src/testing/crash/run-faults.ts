import { Database as BunDatabase } from "bun:sqlite";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { startClients, untilSettled } from "#testing/crash/crash-load.ts";
import { createLedger } from "#testing/crash/ledger.ts";
import { createPlannedModel } from "#testing/crash/planned-model.ts";
import { readRecords } from "#testing/crash/read-records.ts";
import { type CrashReport, toReport, unexpectedErrors } from "#testing/crash/to-report.ts";
import { createAgent } from "#testing/create-agent.ts";
import { type FaultProxy, type ProxyFault, startFaultProxy } from "#testing/fault-proxy.ts";
import { startModelServer } from "#testing/model-server.ts";
import { createServerSite, type ServerSite, startReadyServer } from "#testing/server-process.ts";
import type { TestDialect } from "#testing/test-database.ts";

/** Something that keeps the database of a working gateway from its work. Resolves to its end. */
type Fault = () => Promise<() => Promise<void>>;

const PROXY_FAULTS: readonly ProxyFault[] = ["lose commits", "mute", "swallow", "reset", "hold", "refuse"];
/** In milliseconds. The long ones come last, so a short test has none of them. */
const LENGTHS = [200, 800, 400, 2_000, 800, 1_200, 300, 5_000, 800, 15_000];
/** The time between two faults, in milliseconds. */
const PEACE_MS = 500;

/**
 * Lets the database of a working gateway fail again and again. At the end it checks all promises that the gateway made
 * to its clients. Its process never dies, so no run may fail.
 */
export async function runFaults(dialect: TestDialect, faults: number): Promise<CrashReport> {
  const model = await startModelServer({ kept: 100 });
  model.script(createPlannedModel());
  const site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
  const proxy = site.databaseUrl === undefined ? undefined : await startFaultProxy(site.databaseUrl);
  const ledger = createLedger();
  try {
    const env = proxy && site.databaseUrl ? { DATABASE_URL: proxy.urlOf(site.databaseUrl) } : {};
    const server = await startReadyServer(site, { env });
    await createAgent(site, { modelUrl: model.url, agent: "crash" });
    const clients = startClients(site, ledger);
    const kinds = proxy ? PROXY_FAULTS.map((fault) => proxyFault(proxy, fault)) : [foreignLock(site), lostFile(site)];
    for (let index = 0; index < faults; index++) {
      await Bun.sleep(PEACE_MS * (0.5 + Math.random()));
      const end = await kinds[index % kinds.length]?.();
      await Bun.sleep(LENGTHS[index % LENGTHS.length] ?? 0);
      await end?.();
    }
    await server.isReady();
    await clients.stop();
    await untilSettled(site);
    const records = await readRecords(site);
    ledger.violations.push(...unexpectedErrors(server));
    server.signal("SIGTERM");
    const exitCode = await server.exited;
    if (exitCode !== 0) ledger.violations.push(`the server ended with ${exitCode}: ${server.errors()}`);
    return toReport(records, ledger, site, []);
  } finally {
    await proxy?.set("pass");
    await model.stop();
    await site.remove();
    await proxy?.stop();
  }
}

const proxyFault =
  (proxy: FaultProxy, fault: ProxyFault): Fault =>
  async () => {
    await proxy.set(fault);
    return () => proxy.set("pass");
  };

/** Another program that writes to the file. */
const foreignLock =
  ({ home }: ServerSite): Fault =>
  async () => {
    const foreign = new BunDatabase(join(home, "goclaw.db"));
    foreign.run("PRAGMA busy_timeout = 5000");
    foreign.run("BEGIN IMMEDIATE");
    return async () => foreign.close();
  };

/** A directory that is gone for a while. */
const lostFile =
  ({ home }: ServerSite): Fault =>
  async () => {
    const file = join(home, "goclaw.db");
    renameSync(file, `${file}.lost`);
    return async () => renameSync(`${file}.lost`, file);
  };
