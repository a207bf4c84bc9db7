import type { TenantId } from "#base/ids.ts";
import { defineService } from "#core/service.ts";

/** Returns the directory of all files of a tenant's agents. It exists once the first file does. */
export const workspaceRoot = defineService<(tenantId: TenantId) => string>("workspace-root");
