import { toIdentity } from "#core/access/identity.ts";
import type { AgentSettings } from "#features/agents/agent-settings.ts";
import type { WorkspaceSharing } from "#runtime/runs/index.ts";

/** The stored shape of `workspace_sharing`, after its schema. */
interface StoredSharing {
  readonly shared_dm?: boolean;
  readonly shared_group?: boolean;
  readonly shared_users?: readonly string[];
}

/** Returns which users of an agent share a workspace. */
export function toWorkspaceSharing({ workspace_sharing }: Pick<AgentSettings, "workspace_sharing">): WorkspaceSharing {
  // Safe: the schema checked these settings before they were stored.
  const { shared_dm, shared_group, shared_users = [] } = (workspace_sharing ?? {}) as StoredSharing;
  return { isForAll: shared_dm === true, isForGroups: shared_group === true, users: shared_users.map(toIdentity) };
}
