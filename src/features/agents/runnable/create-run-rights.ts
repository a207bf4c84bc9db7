import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { TenantDirectory } from "#core/access/authenticate.ts";
import type { EventBus } from "#core/events/events.ts";
import { agentEvents } from "#features/agents/events.ts";
import { findShare } from "#features/agents/repository.ts";
import type { AgentDirectory } from "#features/agents/runnable/agent-directory.ts";
import { isRunnable } from "#features/agents/runnable/is-runnable.ts";
import type { RunRights } from "#runtime/engine/index.ts";
import { runError } from "#runtime/runs/index.ts";

export interface RunRightsDependencies {
  readonly tenants: TenantDirectory;
  readonly agents: AgentDirectory;
  readonly events: EventBus;
}

const MAX_KNOWN = 10_000;

/** Creates the check that stops runs whose tenant or agent was switched off, or whose user lost the agent's share. */
export function createRunRights({ tenants, agents, events }: RunRightsDependencies): RunRights {
  const shares = new Remembered<{ readonly isShared: boolean }>({ max: MAX_KNOWN, ttl: LIMITS.agentCacheTime });
  const forget = () => shares.forget();
  events.subscribe(agentEvents, { receive: forget, onMissed: forget });

  return {
    async findRefusal(db, { agentId, accessor }) {
      if ((await tenants.find(db.tenantId))?.status !== "active") return TENANT_SUSPENDED;
      const agent = await agents.find(db, agentId);
      if (!agent || !isRunnable(agent)) return agentInactive(agent?.key ?? agentId);
      if (accessor === undefined || agent.isDefault || agent.ownerId === accessor) return undefined;
      const { isShared } = await shares.get(JSON.stringify([db.tenantId, agentId, accessor]), async () => ({
        isShared: (await findShare(db.read, agentId, accessor)) !== undefined,
      }));
      return isShared ? undefined : ACCESS_REVOKED;
    },
  };
}

const TENANT_SUSPENDED = runError("FAILED_PRECONDITION", "error.tenant_suspended", {}, { reason: "tenant_suspended" });

const agentInactive = (id: string) =>
  runError("FAILED_PRECONDITION", "error.agent_inactive", { id }, { reason: "agent_inactive" });

const ACCESS_REVOKED = runError(
  "FAILED_PRECONDITION",
  "error.no_access",
  { entity: "agent" },
  { reason: "agent_access_revoked" },
);
