import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { findAgent, listAccessibleAgents, mayUseAgent, workspaceOfUser } from "#features/agents/index.ts";

/** Returns true for callers who reach the whole workspace. A link was signed for its very file. */
const reachesAll = (ctx: Context): boolean => ctx.actor.kind === "link" || hasRole(ctx, "admin");

/**
 * Returns whether the caller reaches what is at some names. Administrators reach everything, others the directories in
 * which agents that they may use work for them.
 */
export async function reaches(ctx: Context, [agentId, directory]: readonly string[]): Promise<boolean> {
  if (reachesAll(ctx)) return true;
  if (agentId === undefined || directory === undefined) return false;
  const agent = await findAgent(ctx.db.read, agentId);
  if (agent?.id !== agentId || !(await mayUseAgent(ctx, agent))) return false;
  return workspaceOfUser(agent, ctx.userId) === directory;
}

/** The directories that a listing shows below the root: by agent, the name of the caller's own. */
export type Shown = "all" | ReadonlyMap<string, string>;

export async function findShown(ctx: Context): Promise<Shown> {
  if (reachesAll(ctx)) return "all";
  const agents = await listAccessibleAgents(ctx);
  return new Map(agents.map((agent) => [agent.id, workspaceOfUser(agent, ctx.userId)]));
}

/** Returns whether a listing shows what is at some names. */
export function isShown(shown: Shown, [agentId = "", directory]: readonly string[]): boolean {
  if (shown === "all") return true;
  const own = shown.get(agentId);
  return own !== undefined && (directory === undefined || directory === own);
}
