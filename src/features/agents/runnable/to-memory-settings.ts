import { LIMITS } from "#base/limits.ts";
import type { AgentSettings } from "#features/agents/agent-settings.ts";
import type { MemorySettings } from "#runtime/runs/index.ts";

/** Reads the settings of an agent's memory. A value that is not a number in its range counts as absent. */
export function toMemorySettings({
  memory_config: config = {},
  workspace_sharing: sharing = {},
}: Pick<AgentSettings, "memory_config" | "workspace_sharing">): MemorySettings {
  const { enabled, max_results: results, min_score: score } = config;
  const isCount = typeof results === "number" && results >= 1;
  return {
    isEnabled: enabled !== false,
    isShared: sharing.share_memory === true,
    maxResults: isCount ? Math.min(Math.trunc(results), LIMITS.memoryResultsMax) : LIMITS.memoryResults,
    minScore: typeof score === "number" && score > 0 ? score : 0,
  };
}
