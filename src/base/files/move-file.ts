import { copyFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { randomHex } from "#base/random-hex.ts";

/** Gives a file another path, in one step. Replaces a file that is there. */
export async function moveFile(path: string, target: string): Promise<void> {
  try {
    await rename(path, target);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EXDEV") throw thrown;
    // The place is on another volume, so the bytes come there under another name first.
    const near = join(dirname(target), `.${randomHex(8)}.tmp`);
    try {
      await copyFile(path, near);
      await rename(near, target);
      await rm(path, { force: true });
    } finally {
      await rm(near, { force: true });
    }
  }
}
