import { migrateDatabase } from "#app/migrate.ts";

export const runMigrate = (): Promise<void> => migrateDatabase();
