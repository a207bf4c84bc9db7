import type { TenantId } from "#base/ids.ts";
import type { ApiKeyDirectory, Authenticate, DeviceDirectory } from "#core/access/authenticate.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { Logins } from "#features/logins/login-directory.ts";

/** What signing in needs beyond the tenant of a call. Who signs in belongs to none yet. */
export interface SignIn {
  /** Differs between gateways, because browsers share the cookies of a machine among all its ports. */
  readonly cookieName: string;
  /** Tells the present gateway token from others. Undefined where nobody has to sign in. */
  readonly tokenMark: string | undefined;
  readonly authenticate: Authenticate;
  readonly logins: Logins;
  readonly keys: ApiKeyDirectory;
  readonly devices: DeviceDirectory;
  readonly forTenant: (tenantId: TenantId) => TenantDatabase;
}

export const signIn = defineService<SignIn>("sign-in");
