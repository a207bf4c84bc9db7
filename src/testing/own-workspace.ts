import { workspaceName } from "#runtime/tools/index.ts";

/** Returns the name of the directory in which an agent works for a user who shares none. */
export const ownWorkspace = (userId: string): string =>
  workspaceName(userId, { isForAll: false, isForGroups: false, users: [] });
