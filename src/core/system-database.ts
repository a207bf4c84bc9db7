import { defineService } from "#core/service.ts";
import type { SystemDatabase } from "#db/database.ts";

/** The handle that sees all tenants. Which files may ask for it is held by architecture.test.ts. */
export const systemDatabase = defineService<SystemDatabase>("system-database");
