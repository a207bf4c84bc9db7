import { type Clock, toTimestamp } from "#base/clock.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { DelegationsTable } from "#db/delegation-tables.ts";
import { findAgent, type StoredAgent } from "#features/agents/index.ts";
import { findUndelivered } from "#features/delegation/records/repository.ts";
import type { RunObserver } from "#runtime/after-run/index.ts";
import type { RunEngine } from "#runtime/engine/index.ts";
import type { RunRequest } from "#runtime/runs/index.ts";
import { wrapUntrusted } from "#runtime/tools/index.ts";

export interface DeliverDependencies {
  readonly engine: () => RunEngine;
  readonly clock: Clock;
}

/** Thrown in the transaction of a delivery if the result was delivered already. Nothing of it is stored then. */
class DeliveredError extends Error {
  override readonly name = "DeliveredError";
}

/**
 * Creates the observer that brings the result of an asynchronous task to the conversation from which it was handed on.
 * A run that is busy there gets it as a message, and otherwise a new run begins. The mark of the delivery is stored
 * together with the message, so each result arrives exactly once.
 */
export const createResultDelivery = (dependencies: DeliverDependencies): RunObserver => ({
  name: "delegation-result",
  wants: ({ run }) => run.kind === "delegate",
  async observe({ db, runId }) {
    const record = await findUndelivered(db.read, runId);
    const agent = record && (await findAgent(db.read, record.source_agent_id));
    if (!record || !agent || !(await hasSession(db, record))) return;
    await dependencies
      .engine()
      .accept({ db, requestId: record.parent_run_id }, toRequest(agent, record, dependencies.clock))
      .catch((thrown: unknown) => {
        if (!(thrown instanceof DeliveredError)) throw thrown;
      });
  },
});

/** Somebody may have deleted the conversation. Its result is still in the record. */
const hasSession = async (db: TenantDatabase, { session_key }: DelegationsTable): Promise<boolean> =>
  (await db.read.selectFrom("sessions").select("id").where("key", "=", session_key).executeTakeFirst()) !== undefined;

function toRequest(agent: StoredAgent, record: DelegationsTable, clock: Clock): RunRequest {
  return {
    agent: { id: agent.id, key: agent.key },
    session: {
      key: record.session_key,
      agentId: agent.id,
      agentKey: agent.key,
      userId: record.user_id,
      channel: "delegate",
      mayUseAny: true,
    },
    kind: "announce",
    isAttached: false,
    onBusy: "steer",
    messages: [{ role: "user", parts: [{ type: "text", text: toText(record) }] }],
    options: { settings: {}, clientTools: [] },
    metadata: { delegation_id: record.id },
    parentRunId: record.parent_run_id,
    async onStored(queries) {
      const marked = await queries
        .updateTable("delegations")
        .set({ delivered_at: toTimestamp(clock.now()) })
        .where("id", "=", record.id)
        .where("delivered_at", "is", null)
        .executeTakeFirst();
      if (Number(marked.numUpdatedRows) === 0) throw new DeliveredError("the result was delivered already");
    },
  };
}

function toText({ id, target_agent_key: key, status, result, error }: DelegationsTable): string {
  const head = `[The agent ${key} has ended the task that you handed on: ${status}. Delegation ${id}.]`;
  if (status !== "completed") return `${head}\n${error ?? ""}`;
  return `${head}\n${wrapUntrusted(`agent ${key}`, result ?? "")}`;
}
