import { loadConfig } from "#app/config/load-config.ts";
import { openDatabase } from "#app/database/open-database.ts";
import { openHome } from "#app/home/home.ts";
import { toStartError } from "#app/to-start-error.ts";
import { createLogger } from "#base/logger.ts";

/** Migrates the database without starting the gateway. Throws `StartError` with advice if the database is unusable. */
export async function migrateDatabase(): Promise<void> {
  const home = openHome(process.env);
  const { config } = loadConfig({ home: home.path, env: process.env });
  const database = openDatabase(config, home, createLogger(config.log.level));
  try {
    const applied = await database.migrate(new Date());
    process.stdout.write(applied.length === 0 ? "The database is up to date.\n" : `Applied ${applied.join(", ")}.\n`);
  } catch (thrown) {
    throw toStartError(thrown, config);
  } finally {
    await database.close();
  }
}
