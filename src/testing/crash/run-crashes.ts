import { FAILPOINTS, type Failpoint } from "#base/failpoints.ts";
import { checkEffects } from "#testing/crash/check-effects.ts";
import { checkRuns } from "#testing/crash/check-runs.ts";
import { checkTranscripts } from "#testing/crash/check-transcripts.ts";
import { runCrashClient } from "#testing/crash/crash-client.ts";
import { createLedger, type Ledger } from "#testing/crash/ledger.ts";
import { createPlannedModel } from "#testing/crash/planned-model.ts";
import { countOpenRuns, type Records, readRecords } from "#testing/crash/read-records.ts";
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

export interface CrashReport {
  /** The broken promises. */
  readonly violations: readonly string[];
  readonly kills: number;
  readonly failpointsHit: readonly Failpoint[];
  readonly runs: Readonly<Record<string, number>>;
  readonly acknowledged: number;
}

const CLIENTS = 12;
const SESSIONS = 6;
const MESSAGES_PER_SESSION = 12;
const FAILPOINT_WAIT_MS = 15_000;
const SETTLE_MS = 60_000;

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

function startClients(site: ServerSite, ledger: Ledger) {
  let isStopping = false;
  let messages = 0;
  const sharedSession = () => {
    const generation = Math.floor(messages++ / (SESSIONS * MESSAGES_PER_SESSION));
    return `agent:crash:shared-${generation}-${Math.floor(Math.random() * SESSIONS)}`;
  };
  const options = {
    url: site.url,
    token: site.token(),
    agent: "crash",
    ledger,
    sharedSession,
    isStopping: () => isStopping,
  };
  const running = Promise.all(Array.from({ length: CLIENTS }, () => runCrashClient(options)));
  return {
    async stop() {
      isStopping = true;
      await within(running, SETTLE_MS, "clients wait for answers that do not come");
    },
  };
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

/** Returns log lines about failures that must not happen. The logger reports an ordinary failed run at level `warn`. */
const unexpectedErrors = (server: ServerProcess): readonly string[] =>
  server
    .errors()
    .split("\n")
    .filter((line) => /a run failed unexpectedly|let go of a run|a tool failed/.test(line));

async function untilSettled(site: ServerSite): Promise<void> {
  const settled = async () => {
    while ((await countOpenRuns(site)) > 0) await Bun.sleep(50);
  };
  await within(settled(), SETTLE_MS, "runs are open that do not end");
}

async function within<Value>(work: Promise<Value>, milliseconds: number, what: string): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(what)), milliseconds);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

function toReport(
  records: Records,
  ledger: Ledger,
  site: ServerSite,
  failpointsHit: readonly Failpoint[],
): CrashReport {
  const runs: Record<string, number> = {};
  for (const { status, api } of records.runs) {
    const name = [status, api.error?.details?.reason].filter(Boolean).join(" ");
    runs[name] = (runs[name] ?? 0) + 1;
  }
  const violations = [
    ...ledger.violations,
    ...checkRuns(records, ledger),
    ...checkTranscripts(records, ledger),
    ...checkEffects(records, ledger, site),
  ];
  const acknowledged = ledger.entries.filter(({ isAcknowledged }) => isAcknowledged).length;
  return { violations, kills: ledger.kills.length, failpointsHit, runs, acknowledged };
}
