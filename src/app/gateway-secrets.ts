import type { Config } from "#app/config/schema.ts";
import type { Home } from "#app/home.ts";
import type { Secret } from "#base/secret.ts";

/** The token that callers must show: the configured one, else that of the home. */
export const gatewayToken = (config: Config, home: Home): Secret => config.gateway.token ?? home.token;

/** The keys for stored secrets: the configured ones first, and last that of the home, which may have sealed older ones. */
export function encryptionKeys(config: Config, home: Home): readonly [Secret, ...Secret[]] {
  const [first, ...others] = config.encryption.keys;
  return first ? [first, ...others, home.encryptionKey] : [home.encryptionKey];
}
