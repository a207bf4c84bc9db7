import { sql } from "kysely";
import { type Clock, MINUTE, toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { EventBus } from "#core/events/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { RunRights } from "#runtime/engine/index.ts";
import { type AgentSource, runEnded, runError } from "#runtime/runs/index.ts";
import { selectFacts, withFilter } from "#runtime/usage/index.ts";

export interface BudgetDependencies {
  readonly agents: AgentSource;
  readonly events: EventBus;
  readonly clock: Clock;
}

const MAX_KNOWN = 10_000;
/** Who handed a task on never changes. */
const ASKERS_TTL = 10 * MINUTE;
const CLOCK_SLACK = 1 * MINUTE;
const NANOS_PER_CENT = 10_000_000;

/** What an agent had spent when it was read for a run, and what the run itself had cost then. */
interface Spending {
  readonly cents: number;
  readonly runCost: number;
}

/**
 * Adds the monthly budgets of agents to what a run needs. A run of a delegated task also needs the budgets of those who
 * handed it on. Months are those of UTC. What other runs spend meanwhile is read anew every two seconds.
 */
export function withBudgets(rights: RunRights, { agents, events, clock }: BudgetDependencies): RunRights {
  const spending = new Remembered<Spending>({ max: MAX_KNOWN, ttl: LIMITS.agentCacheTime });
  const askers = new Remembered<readonly string[]>({ max: MAX_KNOWN, ttl: ASKERS_TTL });
  const forget = () => spending.forget();
  events.subscribe([runEnded], { receive: forget, onMissed: forget });

  return {
    async findRefusal(db, subject) {
      const refusal = await rights.findRefusal(db, subject);
      if (refusal) return refusal;
      const { runId, agentId, parentRunId, cost } = subject;
      const before = parentRunId === null ? [] : await askers.get(parentRunId, () => findAskers(db, parentRunId));
      for (const id of [agentId, ...before]) {
        const agent = await agents.load(db, id);
        if (agent?.budgetMonthlyCents === undefined) continue;
        const { cents, runCost } = await spending.get(JSON.stringify([db.tenantId, id, runId]), async () => ({
          cents: await spentBy(db, id, clock.now()),
          runCost: cost,
        }));
        // The cost of the last call may not be stored yet.
        if (cents + (cost - runCost) * 100 >= agent.budgetMonthlyCents) {
          return exceeded(agent.key, agent.budgetMonthlyCents);
        }
      }
      return undefined;
    },
  };
}

const exceeded = (agent: string, cents: number) =>
  runError(
    "RESOURCE_EXHAUSTED",
    "error.budget_exceeded",
    { agent, dollars: (cents / 100).toFixed(2) },
    { reason: "budget_exceeded" },
  );

/** Returns the agents of a run and of those above it. */
async function findAskers(db: TenantDatabase, runId: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (let next: string | null = runId; next !== null && found.length < LIMITS.delegationDepth; ) {
    const run = await db.read
      .selectFrom("runs")
      .select(["agent_id", "parent_run_id"])
      .where("id", "=", next)
      .executeTakeFirst();
    if (run) found.push(run.agent_id);
    next = run?.parent_run_id ?? null;
  }
  return found;
}

/** Sums up what an agent has spent this month, and what the agents spent to which it handed tasks on. */
async function spentBy(db: TenantDatabase, agentId: string, now: Date): Promise<number> {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  // Some runs may have begun a moment later by the clock of another node.
  const to = new Date(now.getTime() + CLOCK_SLACK);
  const sums = selectFacts(db.reports, { from, to, now: to }, { grain: "day", tells: "all but users" });
  const own = withFilter(db.reports, sums, { agent_id: agentId })
    .select(sql<number | string | null>`sum(cost_nanos)`.as("nanos"))
    .executeTakeFirst();
  const handedOn = db.reports
    .selectFrom("delegations")
    .innerJoin("usage_records", "usage_records.run_id", "delegations.child_run_id")
    .select(({ fn }) => fn.sum<number | string | null>("usage_records.cost").as("dollars"))
    .where("delegations.created_at", ">=", toTimestamp(from))
    .where("delegations.source_agent_id", "=", agentId)
    .executeTakeFirst();
  const [facts, tasks] = await Promise.all([own, handedOn]);
  return Number(facts?.nanos ?? 0) / NANOS_PER_CENT + Number(tasks?.dollars ?? 0) * 100;
}
