import type { TenantDatabase } from "#db/database.ts";
import type { AgentSettings } from "#features/agents/agent-settings.ts";
import { CONTEXT_FILE_ORDER } from "#features/agents/default-context-files.ts";
import { toName } from "#features/agents/insert-agent.ts";
import { findAgent } from "#features/agents/repository.ts";
import type { ReasoningEffort } from "#models/language-model.ts";
import type { AgentSource, ContextFile } from "#runtime/ports.ts";

/** Reads agents from the database, each run anew, so that a change counts from the next run on. */
export function createAgentSource(): AgentSource {
  return {
    async load(db, agentId) {
      const [agent, contextFiles] = await Promise.all([findAgent(db.read, agentId), readContextFiles(db, agentId)]);
      if (!agent) return undefined;
      const { settings } = agent;
      return {
        id: agent.id,
        key: agent.key,
        displayName: toName(agent),
        status: agent.status,
        provider: agent.provider,
        model: agent.model,
        maxIterations: settings.max_tool_iterations,
        maxOutputTokens: settings.max_tokens || undefined,
        reasoningEffort: toReasoningEffort(settings),
        toolsConfig: settings.tools_config ?? {},
        contextFiles,
      };
    },
  };
}

async function readContextFiles(db: TenantDatabase, agentId: string): Promise<readonly ContextFile[]> {
  const rows = await db.read
    .selectFrom("agent_context_files")
    .select(["file_name as name", "content"])
    .where("agent_id", "=", agentId)
    .execute();
  return rows.toSorted((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

function rank(name: string): number {
  const place = CONTEXT_FILE_ORDER.indexOf(name);
  return place === -1 ? CONTEXT_FILE_ORDER.length : place;
}

const EFFORTS: readonly ReasoningEffort[] = ["none", "minimal", "low", "medium", "high", "xhigh"];

/** A custom reasoning configuration counts before the plain level; `off` and `auto` leave it to the provider. */
function toReasoningEffort({ reasoning_config, thinking_level }: AgentSettings): ReasoningEffort | undefined {
  const custom = reasoning_config?.override_mode === "custom" ? reasoning_config.effort : undefined;
  const wanted = custom ?? thinking_level;
  return EFFORTS.find((effort) => effort === wanted);
}
