import { rename } from "node:fs/promises";
import type { z } from "zod";
import { alreadyExists, invalidField, required } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { storageMoved } from "#features/files/events.ts";
import type { MoveStorageInput } from "#features/files/schema.ts";
import { requireUnprotected } from "#features/files/verbs/delete-storage.ts";
import { fileNotFound, parseFileName, parseWorkspacePath } from "#features/files/workspace/parse-workspace-path.ts";
import { isAbsent, WorkspaceDirectory } from "#features/files/workspace/workspace-directory.ts";
import { workspaceRoot } from "#features/files/workspace/workspace-root.ts";
import { lookAt } from "#runtime/tools/index.ts";

type Move = z.output<typeof MoveStorageInput>;

/** Moves or renames a file or directory. Throws 409 if something is at the new path already. */
export async function moveStorage(ctx: Context, { from, to }: Move): Promise<Move> {
  const root = ctx.use(workspaceRoot)(ctx.tenantId);
  const source = parsePlace(from, "from");
  const target = parsePlace(to, "to");
  if (source.every((name, index) => target[index] === name))
    throw invalidField("to", "a path outside `from` is expected");
  const value = { from: source.join("/"), to: target.join("/") };
  const sourceDirectory = await WorkspaceDirectory.open(root, source.slice(0, -1));
  try {
    const oldPlace = await sourceDirectory?.locate(source.at(-1) ?? "");
    if (!oldPlace || !(await lookAt(oldPlace))) throw fileNotFound(from);
    await moveTo(root, { from, oldPlace }, target);
  } finally {
    await sourceDirectory?.close();
  }
  return mutate(ctx, storageMoved, async () => ({ entityId: value.to, value, details: value }));
}

interface MovedFile {
  /** The path as the caller gave it. */
  readonly from: string;
  readonly oldPlace: string;
}

async function moveTo(root: string, { from, oldPlace }: MovedFile, target: readonly string[]): Promise<void> {
  const directory = await WorkspaceDirectory.open(root, target.slice(0, -1), { make: true });
  if (!directory) throw invalidField("to", "a directory is expected before the last name");
  try {
    const place = await directory.locate(target.at(-1) ?? "");
    if (!place || (await lookAt(place))) throw alreadyExists("file", target.join("/"));
    await rename(oldPlace, place);
  } catch (thrown) {
    // Somebody else moved or deleted it meanwhile.
    throw isAbsent(thrown) ? fileNotFound(from) : thrown;
  } finally {
    await directory.close();
  }
}

function parsePlace(path: string, field: string): readonly string[] {
  const names = parseWorkspacePath(path, field);
  if (names.length === 0) throw required(field);
  requireUnprotected(names);
  for (const name of names) parseFileName(name, field);
  return names;
}
