import { createHash } from "node:crypto";
import type { WorkspaceSharing } from "#runtime/runs/index.ts";

/** Every user has an own workspace. */
export const OWN_WORKSPACES: WorkspaceSharing = { isForAll: false, isForGroups: false, users: [] };

/** The directory of the users who share one. No user's own directory has this name. */
export const SHARED_WORKSPACE = "shared";

/** Returns the name of the directory in which an agent works for a user, below the agent's own. */
export function workspaceName(userId: string, { isForAll, isForGroups, users }: WorkspaceSharing): string {
  const isGroup = userId.startsWith("group:");
  const isShared = isForAll || (isForGroups && isGroup) || users.includes(userId);
  return isShared ? SHARED_WORKSPACE : ownWorkspaceName(userId);
}

const READABLE_CHARS = 40;
const HASH_CHARS = 32;

/**
 * Returns a name that every file system keeps apart from those of other users, whatever characters the id has. Its
 * first part helps people to find it.
 */
function ownWorkspaceName(userId: string): string {
  const readable = userId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, READABLE_CHARS);
  return `${readable}-${createHash("sha256").update(userId).digest("hex").slice(0, HASH_CHARS)}`;
}
