import type { TenantId } from "#base/ids.ts";
import type { TenantDirectory } from "#core/access/authenticate.ts";
import type { RateLimiter } from "#core/access/rate-limiter.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { Devices } from "#features/devices/device-directory.ts";

/** What strangers need in order to ask. They belong to no tenant yet. */
export interface DevicePairing {
  /** False if browsers cannot ask, by the configuration. */
  readonly isOpen: boolean;
  readonly devices: Devices;
  readonly tenants: TenantDirectory;
  /** Limits the calls of strangers by their address, whatever the limit of the gateway is. */
  readonly limiter: RateLimiter;
  readonly forTenant: (tenantId: TenantId) => TenantDatabase;
}

export const devicePairing = defineService<DevicePairing>("device-pairing");
