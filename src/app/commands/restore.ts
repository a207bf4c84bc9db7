import { restoreBackup } from "#app/backup/restore-backup.ts";
import { homePath } from "#app/home/home-path.ts";

/** Fills the home from a backup. */
export async function runRestore(file: string, { mayReplace }: { readonly mayReplace: boolean }): Promise<void> {
  const home = homePath(process.env);
  const { hasDatabase, kept } = await restoreBackup({ home, file, mayReplace });
  process.stdout.write(`Restored ${home} from ${file}.\n`);
  if (kept) process.stdout.write(`What was there before is in ${kept}.\n`);
  if (!hasDatabase) process.stdout.write("It holds no database: restore the Postgres of the same time with psql.\n");
}
