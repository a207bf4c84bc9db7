import { permissionDenied } from "#base/errors.ts";
import type { FileContent } from "#base/file-content.ts";
import type { Context } from "#core/context.ts";
import { openWorkspaceFile } from "#features/files/workspace/open-workspace-file.ts";
import { fileNotFound, parseWorkspacePath } from "#features/files/workspace/parse-workspace-path.ts";
import { reaches } from "#features/files/workspace/reach.ts";
import { workspaceRoot } from "#features/files/workspace/workspace-root.ts";

/** The directories of a machine that no workspace is meant by. */
const SYSTEM = ["etc", "proc", "sys", "dev", "root", "boot", "run", "var", "home", "Users", "opt", "srv"];

export interface FoundFile {
  readonly content: FileContent;
  /** Its path in the tenant's workspace. */
  readonly path: string;
  readonly name: string;
}

/**
 * Opens a file of the tenant's workspace that the caller reaches. The path is one in the workspace, else that of a file
 * of the workspace on this machine. Throws 400 for a path that climbs, 403 for one into the system, else 404.
 */
export async function findFile(ctx: Context, path: string): Promise<FoundFile> {
  const root = ctx.use(workspaceRoot)(ctx.tenantId);
  const names = parseWorkspacePath(path);
  const found = (await openReached(ctx, root, names)) ?? (await openAbsolute(ctx, root, path));
  if (found) return found;
  const isKnown = names.length > 1 && SYSTEM.includes(names[0] ?? "");
  if (isKnown && ctx.actor.kind !== "link") throw permissionDenied("the path is outside the workspace");
  throw fileNotFound(path);
}

async function openAbsolute(ctx: Context, root: string, path: string): Promise<FoundFile | undefined> {
  const absolute = `/${path}`;
  if (!absolute.startsWith(`${root}/`)) return undefined;
  return openReached(ctx, root, parseWorkspacePath(absolute.slice(root.length + 1)));
}

async function openReached(ctx: Context, root: string, names: readonly string[]): Promise<FoundFile | undefined> {
  if (!(await reaches(ctx, names))) return undefined;
  const content = await openWorkspaceFile(root, names);
  return content && { content, path: names.join("/"), name: names.at(-1) ?? "" };
}
