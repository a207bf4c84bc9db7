import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { EventBus } from "#core/events/events.ts";
import type { CustomToolsTable } from "#db/tables.ts";
import { fromBit } from "#db/values.ts";
import { agentDeleted } from "#features/agents/index.ts";
import { customToolEvents } from "#features/custom-tools/events.ts";
import { readCustomToolRows } from "#features/custom-tools/repository.ts";
import { type CustomToolDependencies, toTool } from "#features/custom-tools/to-tool.ts";
import { tenantDeleted } from "#features/tenants/index.ts";
import type { Tool, ToolSource } from "#runtime/tools/index.ts";

const MAX_TENANTS = 10_000;

interface TenantTools {
  /** Returns the tools of one agent: those of every agent, and its own ones, which win where names are equal. */
  readonly of: (agentId: string) => ReadonlyMap<string, Tool>;
}

/** Creates the source of custom tools. It caches a tenant's tools until one changes, or for `LIMITS.keyCacheTime`. */
export function createCustomToolSource(
  dependencies: CustomToolDependencies & { readonly events: EventBus },
): ToolSource {
  const known = new Remembered<TenantTools>({ max: MAX_TENANTS, ttl: LIMITS.keyCacheTime });
  dependencies.events.subscribe([...customToolEvents, agentDeleted, tenantDeleted], {
    receive: ({ tenantId }) => known.forget((key) => key === tenantId),
    onMissed: () => known.forget(),
  });
  return {
    async load(db, { agent }) {
      const load = async () => toTenantTools(await readCustomToolRows(db.read), dependencies);
      const tools = (await known.get(db.tenantId, load)).of(agent.id);
      return { version: tools, tools };
    },
  };
}

function toTenantTools(rows: readonly CustomToolsTable[], dependencies: CustomToolDependencies): TenantTools {
  const enabled = rows.filter((row) => fromBit(row.enabled));
  const byAgent = Map.groupBy(enabled, ({ agent_id }) => agent_id);
  const toEntries = (agentId: string | null) =>
    (byAgent.get(agentId) ?? []).map((row) => [row.name, toTool(row, dependencies)] as const);
  const shared = new Map(toEntries(null));
  const owned = new Map(
    [...byAgent.keys()].flatMap((id) => (id === null ? [] : [[id, new Map([...shared, ...toEntries(id)])] as const])),
  );
  return { of: (agentId) => owned.get(agentId) ?? shared };
}
