import { defineService } from "#core/service.ts";
import type { SystemDatabase } from "#db/database.ts";

/** The database handle for all tenants. `architecture.test.ts` lists the files that may use it. */
export const systemDatabase = defineService<SystemDatabase>("system-database");
