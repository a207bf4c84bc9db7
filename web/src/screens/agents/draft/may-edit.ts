import { type Caller, hasRole } from "#web/live/caller.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";

/** Who acts for the gateway itself, without a person behind it. */
const SYSTEM = "system";

/** Returns whether a caller may change an agent: its owner may, and those who administer the gateway. */
export function mayEdit(caller: Caller, { owner_id }: Pick<Agent, "owner_id">): boolean {
  if (hasRole(caller, "owner")) return true;
  if (caller.user_id === SYSTEM) return hasRole(caller, "admin");
  return owner_id === caller.user_id && hasRole(caller, "operator");
}
