import { FAILPOINTS, type Failpoint } from "#base/failpoints.ts";
import { startClients, untilSettled } from "#testing/crash/crash-load.ts";
import { createLedger, type Ledger } from "#testing/crash/ledger.ts";
import { createPlannedModel } from "#testing/crash/planned-model.ts";
import { readRecords } from "#testing/crash/read-records.ts";
import { type CrashReport, toReport, unexpectedErrors } from "#testing/crash/to-report.ts";
import { createAgent } from "#testing/create-agent.ts";
import { startModelServer } from "#testing/model-server.ts";
import {
  createServerSite,
  type ServerProcess,
  type ServerSite,
  startReadyServer,
  startServer,
} from "#testing/server-process.ts";
import type { TestDialect } from "#testing/test-database.ts";

const FAILPOINT_WAIT_MS = 15_000;

/**
 * Kills a working gateway repeatedly, at every fail point and at random moments. At the end it checks all promises that
 * the gateway made to its clients.
 */
export async function runCrashes(dialect: TestDialect, kills: number): Promise<CrashReport> {
  const model = await startModelServer({ kept: 100 });
  model.script(createPlannedModel());
  const site = await createServerSite(dialect, { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
  const ledger = createLedger();
  try {
    const first = await startReadyServer(site);
    await createAgent(site, { modelUrl: model.url, agent: "crash" });
    const clients = startClients(site, ledger);
    const failpointsHit = await killRepeatedly(site, first, kills, ledger);
    const last = await startReadyServer(site);
    await clients.stop();
    await untilSettled(site);
    const records = await readRecords(site);
    last.signal("SIGTERM");
    const exitCode = await last.exited;
    if (exitCode !== 0) ledger.violations.push(`the last server ended with ${exitCode}: ${last.errors()}`);
    return toReport(records, ledger, site, failpointsHit);
  } finally {
    await model.stop();
    await site.remove();
  }
}

async function killRepeatedly(site: ServerSite, first: ServerProcess, kills: number, ledger: Ledger) {
  const hit = new Set<Failpoint>();
  let server = first;
  for (const [index, failpoint] of planKills(kills).entries()) {
    if (index > 0) server = startServer(site, failpoint ? { env: { GOCLAW_FAILPOINTS: failpoint.text } } : {});
    const hasDied = failpoint ? await exitsAtFailpoint(server) : await exitsEarly(server);
    if (failpoint && hasDied) hit.add(failpoint.point);
    if (!failpoint && hasDied) ledger.violations.push(`the server ended by itself: ${server.errors()}`);
    server.signal("SIGKILL");
    await server.exited;
    ledger.kills.push(new Date());
    ledger.violations.push(...unexpectedErrors(server));
  }
  return [...hit];
}

/**
 * Plans the kills. Undefined means a random moment. The first kill is random, because fail points are set at start and
 * the first server already runs.
 */
function planKills(kills: number): readonly ({ readonly point: Failpoint; readonly text: string } | undefined)[] {
  const points = FAILPOINTS.flatMap((point) =>
    [1, 2 + Math.floor(Math.random() * 4)].map((n) => ({ point, text: `${point}:${n}` })),
  );
  const chosen =
    kills < 2 * points.length ? points.filter((_, index) => index % 2 === Math.floor(index / 2) % 2) : points;
  const randomMoments = Array.from({ length: Math.max(0, kills - 1 - chosen.length) }, () => undefined);
  return [undefined, ...shuffle([...chosen, ...randomMoments])];
}

const shuffle = <Value>(values: readonly Value[]): readonly Value[] =>
  values
    .map((value) => ({ value, rank: Math.random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ value }) => value);

const exitsAtFailpoint = (server: ServerProcess): Promise<boolean> =>
  Promise.race([server.exited.then(() => true), Bun.sleep(FAILPOINT_WAIT_MS).then(() => false)]);

async function exitsEarly(server: ServerProcess): Promise<boolean> {
  if (!(await server.isReady())) return true;
  return Promise.race([server.exited.then(() => true), Bun.sleep(50 + Math.random() * 550).then(() => false)]);
}
