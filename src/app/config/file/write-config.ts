import { existsSync, realpathSync, rmSync } from "node:fs";
import { failedPrecondition } from "#base/errors.ts";
import { replaceFile } from "#base/files/write-file.ts";
import { codeOf } from "#db/errors.ts";

/** The text of the file before and after a change. */
export interface ConfigTexts {
  readonly before: string;
  readonly after: string;
}

/**
 * Replaces the configuration file atomically, and keeps its earlier text as `config.json.bak`. The target of a link is
 * replaced, not the link. If `record` rejects, the file gets its earlier text back. Throws FAILED_PRECONDITION if the
 * system lets nobody write.
 */
export async function writeConfig(
  path: string,
  { before, after }: ConfigTexts,
  record: () => Promise<void>,
): Promise<void> {
  const isNew = !existsSync(path);
  const target = isNew ? path : realpathSync(path);
  replace(`${path}.bak`, before);
  replace(target, after);
  try {
    await record();
  } catch (thrown) {
    if (isNew) rmSync(target, { force: true });
    else replaceFile(target, before);
    throw thrown;
  }
}

function replace(path: string, text: string): void {
  try {
    replaceFile(path, text);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === "") throw thrown;
    throw failedPrecondition("error.config_read_only", { path, code }, "config_read_only", { cause: thrown });
  }
}
