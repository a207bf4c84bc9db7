import { type Caller, hasRole } from "#web/live/caller.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";

/** Who acts for the gateway itself, without a person behind it. */
const SYSTEM = "system";

/** Returns whether an agent is open to a caller as to its owner: with its files, its prompt and its people. */
export function isOwn(caller: Caller, { owner_id }: Pick<Agent, "owner_id">): boolean {
  if (hasRole(caller, "owner")) return true;
  return caller.user_id === SYSTEM ? hasRole(caller, "admin") : owner_id === caller.user_id;
}

/** Returns whether a caller may change an agent. */
export const mayEdit = (caller: Caller, agent: Pick<Agent, "owner_id">): boolean =>
  isOwn(caller, agent) && hasRole(caller, "operator");
