import type { TenantId } from "#base/ids.ts";
import type { Role } from "#core/access/access.ts";
import { defineService } from "#core/service.ts";

/** An open connection of a client, as those who may see it see it. */
export interface OpenConnection {
  readonly id: string;
  readonly clientIp: string;
  readonly userId: string;
  readonly role: Role;
  /** RFC 3339. */
  readonly connectedAt: string;
}

/** The open WebSockets of this process. */
export interface ConnectionList {
  /** Returns those of one tenant. */
  list(tenantId: TenantId): readonly OpenConnection[];
}

export const connectionList = defineService<ConnectionList>("connection-list");
