import type { StoredAgent } from "#features/agents/stored-agent.ts";

/** Returns whether an agent may run. One that is still being summoned runs with the context files it has. */
export const isRunnable = ({ status }: Pick<StoredAgent, "status">): boolean =>
  status === "active" || status === "summoning";
