import { migrateDatabase } from "#app/database/migrate.ts";

export const runMigrate = (): Promise<void> => migrateDatabase();
