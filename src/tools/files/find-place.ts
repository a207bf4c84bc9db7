import { isAbsolute, relative } from "node:path";
import type { ToolEnvironment } from "#runtime/tools/index.ts";

/** Where a path leads: a directory that the agent may read, and a path below it. */
export interface Place {
  readonly root: string;
  readonly path: string;
}

/** Finds where a path to read leads: to the workspace, or to a folder that the agent may only read. */
export async function findPlace({ workspace, readOnlyFolders }: ToolEnvironment, path: string): Promise<Place> {
  const folder = isAbsolute(path) ? await readOnlyFolders.find(path) : undefined;
  return folder === undefined ? { root: workspace, path } : { root: folder, path: relative(folder, path) || "." };
}
