import { LIMITS } from "#base/limits.ts";
import type { ConfigDefaults } from "#features/configuration/schema.ts";
import { HEAD_SHARE } from "#runtime/tools/index.ts";

/**
 * Returns what agents without settings of their own get, in the words of protocol v3. This gateway cuts every long
 * result once, when it comes, and clears none later, however full the window is.
 */
export function readDefaults(): ConfigDefaults {
  const { toolResultChars: maxChars } = LIMITS;
  const headChars = Math.floor(maxChars * HEAD_SHARE);
  return {
    agents: {
      contextPruning: {
        keepLastAssistants: 0,
        softTrimRatio: 0,
        hardClearRatio: 1,
        minPrunableToolChars: maxChars,
        ttl: "0s",
        softTrim: { maxChars, headChars, tailChars: maxChars - headChars },
        hardClear: { enabled: false, placeholder: "" },
      },
      subagents: {
        maxConcurrent: LIMITS.spawnedAtOnce,
        // A copy of an agent starts no further copies. Its task stays on record and is not tried again.
        maxSpawnDepth: 1,
        maxChildrenPerAgent: LIMITS.delegationsPerRun,
        archiveAfterMinutes: 0,
        maxRetries: 0,
      },
    },
  };
}
