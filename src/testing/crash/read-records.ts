import { join } from "node:path";
import { Secret } from "#base/secret.ts";
import type { Database } from "#db/database.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { openSqlite } from "#db/dialects/sqlite/open-sqlite.ts";
import { fromJson } from "#db/values.ts";
import { toMessage } from "#runtime/transcript/index.ts";
import type { WireEvent } from "#testing/run-follower.ts";
import type { ServerSite } from "#testing/server-process.ts";

/** All records of the test's runs: the gateway's tables, and each run with its events as the API returns them. */
export type Records = Awaited<ReturnType<typeof readRecords>>;
export type RunRecord = Records["runs"][number];

/** Returns how many runs have not ended. */
export async function countOpenRuns(site: ServerSite): Promise<number> {
  const counts = ["queued", "running", "waiting"].map(async (status) => {
    const { total } = await getJson<{ total: number }>(site, `/v1/runs?status=${status}&limit=1`);
    return total;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

export async function readRecords(site: ServerSite) {
  const database = openSiteDatabase(site);
  try {
    const { read } = database.system("the test looks at everything, and writes nothing");
    const [rows, sessions, messages, calls, usage, keys] = await Promise.all([
      read.selectFrom("runs").selectAll().execute(),
      read.selectFrom("sessions").selectAll().execute(),
      read.selectFrom("messages").selectAll().execute(),
      read.selectFrom("tool_calls").selectAll().execute(),
      read.selectFrom("usage_records").selectAll().execute(),
      read.selectFrom("idempotency_keys").selectAll().execute(),
    ]);
    const apiRecords = new Map<string, Awaited<ReturnType<typeof readRun>>>();
    for (const { id } of rows) apiRecords.set(id, await readRun(site, id));
    return {
      runs: rows.map((row) => ({
        ...row,
        ...(apiRecords.get(row.id) as Awaited<ReturnType<typeof readRun>>),
        mark: markOf(row),
      })),
      sessions,
      messages: messages.map((row) => ({ ...toMessage(row), session_id: row.session_id, depth: row.depth })),
      calls,
      usage,
      keys,
    };
  } finally {
    await database.close();
  }
}

const markOf = ({ metadata }: { readonly metadata: string }) => fromJson<{ mark?: string }>(metadata).mark ?? "";

/** Opens the database of a site. Its gateway may be running or dead. */
export function openSiteDatabase({ home, databaseUrl }: ServerSite): Database {
  if (databaseUrl === undefined) return openSqlite(join(home, "goclaw.db"));
  return openPostgres({ url: new Secret(databaseUrl), size: 3, onIdleError: () => {} });
}

interface RunWire {
  readonly status: string;
  readonly output?: string;
  readonly usage: { readonly input_tokens: number };
  readonly error?: { readonly code: string; readonly details?: { readonly reason?: string } };
}

async function readRun(site: ServerSite, id: string) {
  const [api, { events }] = await Promise.all([
    getJson<RunWire>(site, `/v1/runs/${id}`),
    getJson<{ events: readonly WireEvent[] }>(site, `/v1/runs/${id}/events`),
  ]);
  return { api, events: events.filter(({ type }) => !type.endsWith(".delta")) };
}

async function getJson<Body>({ url, token }: ServerSite, path: string): Promise<Body> {
  const headers = { Authorization: `Bearer ${token()}`, Accept: "application/json" };
  const response = await fetch(url + path, { headers });
  if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}`);
  return (await response.json()) as Body;
}
