import { openFile } from "#cli/resources/read-field.ts";
import type { Client } from "#client/index.ts";

/** Uploads files of this machine. Returns their ids, by which a message names them. */
export async function uploadFiles(
  paths: readonly string[],
  { call }: Pick<Client, "call">,
): Promise<readonly string[]> {
  const files = await Promise.all(paths.map(openFile));
  const ids: string[] = [];
  // One after the other, because each may be large.
  for (const file of files) ids.push((await call("media.upload", { file })).id);
  return ids;
}
