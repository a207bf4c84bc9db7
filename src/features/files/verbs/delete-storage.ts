import { rename, rm } from "node:fs/promises";
import { permissionDenied, required } from "#base/errors.ts";
import { randomHex } from "#base/random-hex.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { DELETED } from "#core/wire.ts";
import { storageDeleted } from "#features/files/events.ts";
import { isProtected, OWN_DIRECTORY } from "#features/files/workspace/own-names.ts";
import { fileNotFound, parseWorkspacePath } from "#features/files/workspace/parse-workspace-path.ts";
import { isAbsent, WorkspaceDirectory } from "#features/files/workspace/workspace-directory.ts";
import { workspaceRoot } from "#features/files/workspace/workspace-root.ts";
import { lookAt } from "#runtime/tools/index.ts";

/** The older form of the route has this between itself and the path. */
const OLD_PREFIX = "files";

/**
 * Deletes a file, or a directory with everything in it. The path is taken as it is, else without a `files/` before it. Of
 * a link, the link itself is deleted.
 */
export async function deleteStorage(ctx: Context, { path }: { readonly path: string }): Promise<typeof DELETED> {
  const root = ctx.use(workspaceRoot)(ctx.tenantId);
  const names = parseWorkspacePath(path);
  if (names.length === 0) throw required("path");
  const older = names.length > 1 && names[0] === OLD_PREFIX ? names.slice(1) : undefined;
  const deleted = (await remove(root, names)) ?? (older && (await remove(root, older)));
  if (!deleted) throw fileNotFound(path);
  return mutate(ctx, storageDeleted, async () => ({
    entityId: deleted,
    value: DELETED,
    details: { path: deleted },
  }));
}

/** Returns the path of what it deleted, or undefined if nothing is there. */
async function remove(root: string, names: readonly string[]): Promise<string | undefined> {
  requireUnprotected(names);
  const directory = await WorkspaceDirectory.open(root, names.slice(0, -1));
  try {
    const place = await directory?.locate(names.at(-1) ?? "");
    if (place === undefined || !(await lookAt(place))) return undefined;
    return (await discard(root, place)) ? names.join("/") : undefined;
  } finally {
    await directory?.close();
  }
}

/** Throws 403 for what the gateway keeps at the top of a workspace. */
export function requireUnprotected(names: readonly string[]): void {
  if (isProtected(names)) throw permissionDenied(`${names.join("/")} belongs to the gateway`);
}

/**
 * Takes an entry out of everybody's reach in one step, so that no agent can swap a part of it for a link meanwhile.
 * Resolves to false if somebody else was faster.
 */
async function discard(root: string, place: string): Promise<boolean> {
  const own = await WorkspaceDirectory.open(root, [OWN_DIRECTORY], { make: true });
  if (!own) throw new Error("the workspace has no directory of the gateway");
  try {
    const aside = own.pathOf(randomHex(16));
    await rename(place, aside);
    await rm(aside, { recursive: true, force: true });
    return true;
  } catch (thrown) {
    if (isAbsent(thrown)) return false;
    throw thrown;
  } finally {
    await own.close();
  }
}
