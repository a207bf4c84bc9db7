import { createBackup } from "#app/backup/create-backup.ts";
import { loadConfig } from "#app/config/load-config.ts";
import { hasHome, openHome } from "#app/home/home.ts";
import { homePath } from "#app/home/home-path.ts";
import { StartError } from "#app/start-error.ts";

/** Writes the home into an archive. Says how to back up a Postgres, which is not part of it. */
export async function runBackup(file: string): Promise<void> {
  if (!hasHome(process.env)) {
    throw new StartError(`There is no home in ${homePath(process.env)}: set GOCLAW_HOME to that of the gateway.`);
  }
  const home = openHome(process.env);
  const { config } = loadConfig({ home: home.path, env: process.env });
  const hasDatabase = config.database.url === undefined;
  const count = await createBackup({ home: home.path, file, hasDatabase });
  process.stdout.write(`Wrote ${count} files of ${home.path} to ${file}. It holds secrets: keep it safe.\n`);
  if (!hasDatabase) process.stdout.write("The Postgres is not in it: run pg_dump right before each backup.\n");
}
