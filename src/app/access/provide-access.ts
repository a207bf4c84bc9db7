import type { RunningConfig } from "#app/config/file/running-config.ts";
import type { Config } from "#app/config/schema.ts";
import { gatewayToken, loginMarks } from "#app/gateway-secrets.ts";
import type { Home } from "#app/home/home.ts";
import type { Clock } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { type Admission, admission, createAdmission } from "#core/access/admit.ts";
import { type Authenticate, createAuthenticate, type TenantDirectory } from "#core/access/authenticate.ts";
import { fileLinks } from "#core/access/file-links.ts";
import { createTokenBucketLimiter } from "#core/access/rate-limiter.ts";
import { eventBus } from "#core/events/events.ts";
import { lifecycle } from "#core/platform.ts";
import type { Services } from "#core/service.ts";
import type { Database, SystemDatabase } from "#db/database.ts";
import { createApiKeyDirectory } from "#features/api-keys/index.ts";
import { createDeviceDirectory, devicePairing } from "#features/devices/index.ts";
import { createLoginDirectory, signIn } from "#features/logins/index.ts";

export interface AccessOptions {
  readonly config: Config;
  readonly running: RunningConfig;
  readonly home: Home;
  readonly clock: Clock;
  readonly database: Database;
  readonly system: SystemDatabase;
  readonly tenants: TenantDirectory;
}

export interface Access {
  readonly authenticate: Authenticate;
  readonly admission: Admission;
  /** The name of the cookie of browsers that are signed in. */
  readonly loginCookie: string;
}

/** Creates what decides who a caller is and what is let in, with the services of those who are not let in yet. */
export function provideAccess(services: Services, options: AccessOptions): Access {
  const { config, running, home, clock, database, system, tenants } = options;
  const events = services.use(eventBus);
  const token = config.gateway.auth === "none" ? undefined : gatewayToken(config, home);
  const marks = loginMarks(config, home);
  const tokenMark = token && marks.tokenMark;
  const keys = createApiKeyDirectory(system, events, clock);
  const devices = createDeviceDirectory(system, events, clock);
  const logins = createLoginDirectory(system, { events, clock, tokenMark });
  const authenticate = createAuthenticate(
    {
      gatewayToken: token,
      ownerIds: () => running.live.gateway.owner_ids,
      defaultUserId: config.gateway.default_user_id,
    },
    { keys, devices, logins, tenants, links: services.use(fileLinks) },
  );
  const doors = createAdmission({
    lifecycle: services.use(lifecycle),
    limiter: createTokenBucketLimiter(() => running.live.gateway.rate_limit_rpm, clock),
    rateScope: () => running.live.gateway.rate_limit_scope,
  });
  const forTenant: Database["forTenant"] = (tenantId) => database.forTenant(tenantId);
  services
    .provide(admission, doors)
    .provide(devicePairing, {
      isOpen: config.gateway.browser_pairing && token !== undefined,
      ...{ devices, tenants, limiter: createTokenBucketLimiter(() => LIMITS.pairingCallsPerMinute, clock) },
      forTenant,
    })
    .provide(signIn, { cookieName: marks.cookieName, tokenMark, authenticate, logins, keys, devices, forTenant });
  return { authenticate, admission: doors, loginCookie: marks.cookieName };
}
