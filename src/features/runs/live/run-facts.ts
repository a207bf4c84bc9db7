import { BoundedCache } from "#base/caches/bounded-cache.ts";
import { notFound } from "#base/errors.ts";
import type { TenantDatabase } from "#db/database.ts";
import { readMessages, textOf } from "#runtime/transcript/index.ts";

/** What every event of a run says about the run. */
export interface RunFacts {
  readonly runId: string;
  readonly agentKey: string;
  readonly sessionKey: string;
  readonly userId: string;
  readonly kind: string;
  readonly parentRunId: string | null;
  /** Returns the words that the run answers. */
  readonly readMessage: () => Promise<string>;
}

const MAX_RUNS = 500;

/** Reads the facts of runs, once for all connections that follow a run at the same time. */
export class RunFactsReader {
  readonly #byRun = new BoundedCache<string, Promise<RunFacts>>({ max: MAX_RUNS });

  /** Throws NOT_FOUND. */
  read(db: TenantDatabase, runId: string): Promise<RunFacts> {
    const key = `${db.tenantId}:${runId}`;
    const known = this.#byRun.get(key) ?? readFacts(db, runId);
    this.#byRun.set(key, known);
    known.catch(() => this.#byRun.delete(key));
    return known;
  }
}

async function readFacts(db: TenantDatabase, runId: string): Promise<RunFacts> {
  const row = await db.read
    .selectFrom("runs")
    .select(["agent_key", "session_key", "user_id", "kind", "input_preview", "parent_run_id"])
    .where("id", "=", runId)
    .executeTakeFirst();
  if (!row) throw notFound("run", runId);
  let message: Promise<string> | undefined;
  return {
    runId,
    agentKey: row.agent_key,
    sessionKey: row.session_key,
    userId: row.user_id,
    kind: row.kind,
    parentRunId: row.parent_run_id,
    readMessage() {
      message ??= readQuestion(db, runId, row.input_preview);
      return message;
    },
  };
}

/**
 * Returns the message at the head of the session that the run holds, which is its caller's until the model answers.
 * After that, the beginning that the run keeps is returned.
 */
async function readQuestion(db: TenantDatabase, runId: string, preview: string): Promise<string> {
  const session = await db.read
    .selectFrom("sessions")
    .select("head_id")
    .where("active_run_id", "=", runId)
    .executeTakeFirst();
  if (!session?.head_id) return preview;
  const [head] = await readMessages(db.read, [session.head_id]);
  return head?.role === "user" ? textOf(head.parts) : preview;
}
