export { fileFeature } from "#features/files/feature.ts";
export { toFileReply } from "#features/files/serving/to-file-reply.ts";
export { parseFileName, parseWorkspacePath } from "#features/files/workspace/parse-workspace-path.ts";
export { reaches } from "#features/files/workspace/reach.ts";
export { WorkspaceDirectory } from "#features/files/workspace/workspace-directory.ts";
export { workspaceRoot } from "#features/files/workspace/workspace-root.ts";
