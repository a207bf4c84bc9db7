import { LIMITS } from "#base/limits.ts";
import type { AgentSettings } from "#features/agents/agent-settings.ts";
import type { MemorySettings } from "#runtime/runs/index.ts";

const VECTOR_WEIGHT = 0.7;
const TEXT_WEIGHT = 0.3;

/** Reads the settings of an agent's memory. A value that is not a number in its range counts as absent. */
export function toMemorySettings({
  memory_config: config = {},
  workspace_sharing: sharing = {},
}: Pick<AgentSettings, "memory_config" | "workspace_sharing">): MemorySettings {
  const { enabled, min_score: score } = config;
  const maxChunkChars = clamp(
    positive(config.max_chunk_len) ?? LIMITS.memoryChunkChars,
    LIMITS.memoryChunkCharsMin,
    LIMITS.memoryChunkCharsMax,
  );
  return {
    isEnabled: enabled !== false,
    isShared: sharing.share_memory === true,
    maxResults: clamp(positive(config.max_results) ?? LIMITS.memoryResults, 1, LIMITS.memoryResultsMax),
    minScore: typeof score === "number" && score > 0 ? score : 0,
    vectorWeight: notNegative(config.vector_weight) ?? VECTOR_WEIGHT,
    textWeight: notNegative(config.text_weight) ?? TEXT_WEIGHT,
    maxChunkChars,
    // A stretch that repeats more than half of another would hardly advance.
    overlapChars: Math.trunc(
      Math.min(notNegative(config.chunk_overlap) ?? LIMITS.memoryOverlapChars, maxChunkChars / 2),
    ),
    embedding: { provider: toText(config.embedding_provider), model: toText(config.embedding_model) },
  };
}

const positive = (value: unknown): number | undefined =>
  typeof value === "number" && value >= 1 ? Math.trunc(value) : undefined;

const notNegative = (value: unknown): number | undefined =>
  typeof value === "number" && value >= 0 ? value : undefined;

const toText = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
