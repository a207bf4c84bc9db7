import { afterFreeTime } from "#base/threads/after-free-time.ts";
import { abandon, ClosingClient, processIdOf } from "#db/dialects/postgres/closing-client.ts";
import { isServerAnswer } from "#db/dialects/postgres/failures.ts";
import type { ProbeAnswer } from "#db/dialects/postgres/silence-watch.ts";

/** The time of a whole probe, in milliseconds. A stall of this process is no silence of the server. */
const PROBE_MS = 1_200;

const PROCESSES = `select pg_backend_pid() as own,
  array(select pid from pg_stat_activity where coalesce(state, '') not like 'idle%') as working`;
const END_PROCESSES = `select pg_terminate_backend(pid) from pg_stat_activity
  where pid = any($1) and usename = current_user and datname = current_database()`;

interface Processes {
  readonly own: number;
  readonly working: readonly number[];
}

/**
 * Asks the server over a new connection which processes work. Ends the server's processes behind connections that were
 * abandoned, because their transactions still hold locks. A pooler gives process numbers of its own, which tell nothing.
 */
export async function probeServer(url: string, abandoned: readonly number[]): Promise<ProbeAnswer> {
  const client = new ClosingClient({ connectionString: url });
  client.on("error", () => {});
  const cancel = afterFreeTime(PROBE_MS, () => abandon(client));
  try {
    await client.connect();
    const { rows } = await client.query<Processes>(PROCESSES);
    const [processes] = rows;
    if (!processes || processes.own !== processIdOf(client)) return { isSilent: false };
    if (abandoned.length > 0) await client.query(END_PROCESSES, [abandoned]);
    return { isSilent: false, working: new Set(processes.working) };
  } catch (thrown) {
    return isServerAnswer(thrown) ? { isSilent: false } : { isSilent: true };
  } finally {
    cancel();
    abandon(client);
  }
}
