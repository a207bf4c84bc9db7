import { readdir } from "node:fs/promises";
import type { z } from "zod";
import type { Context } from "#core/context.ts";
import { StreamReply } from "#core/reply.ts";
import type { StorageSizeEvent } from "#features/files/schema.ts";
import { isJunk } from "#features/files/workspace/own-names.ts";
import { findShown, isShown, type Shown } from "#features/files/workspace/reach.ts";
import { WorkspaceDirectory } from "#features/files/workspace/workspace-directory.ts";
import { workspaceRoot } from "#features/files/workspace/workspace-root.ts";
import { lookAt } from "#runtime/tools/index.ts";

/** Files between two events of a count. */
const STRIDE = 500;

/** Counts the files that the caller reaches, and reports how far it is. */
export async function measureStorage(ctx: Context): Promise<StreamReply> {
  const shown = await findShown(ctx);
  return new StreamReply(count(ctx.use(workspaceRoot)(ctx.tenantId), shown));
}

async function* count(root: string, shown: Shown): AsyncGenerator<string> {
  let bytes = 0;
  let files = 0;
  const directory = await WorkspaceDirectory.open(root, []);
  if (directory) {
    for await (const size of sizesIn(directory, [], shown)) {
      bytes += size;
      files++;
      if (files % STRIDE === 0) yield toFrame({ current: bytes, files });
    }
  }
  yield toFrame({ total: bytes, files, done: true });
}

const toFrame = (event: z.input<typeof StorageSizeEvent>) => `data: ${JSON.stringify(event)}\n\n`;

/** Yields the sizes of the plain files in a directory, and closes it. */
async function* sizesIn(directory: WorkspaceDirectory, names: readonly string[], shown: Shown): AsyncGenerator<number> {
  try {
    for (const name of await readdir(directory.pathOf("."))) {
      const path = [...names, name];
      if (isJunk(name) || !isShown(shown, path)) continue;
      const stats = await lookAt(directory.pathOf(name));
      if (stats?.isFile()) yield stats.size;
      const child = stats?.isDirectory() ? await directory.openDirectory(name) : undefined;
      if (child) yield* sizesIn(child, path, shown);
    }
  } finally {
    await directory.close();
  }
}
