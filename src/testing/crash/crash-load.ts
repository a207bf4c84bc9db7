import { runCrashClient } from "#testing/crash/crash-client.ts";
import type { Ledger } from "#testing/crash/ledger.ts";
import { countOpenRuns } from "#testing/crash/read-records.ts";
import type { ServerSite } from "#testing/server-process.ts";

const CLIENTS = 12;
const SESSIONS = 6;
const MESSAGES_PER_SESSION = 12;
const SETTLE_MS = 60_000;

/** Starts clients that send messages to the agent `crash` until they are stopped. */
export function startClients(site: ServerSite, ledger: Ledger) {
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

/** Waits until every run has ended. */
export async function untilSettled(site: ServerSite): Promise<void> {
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
