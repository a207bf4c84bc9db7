import type { Config } from "#app/config/schema.ts";
import type { Home } from "#app/home/home.ts";
import type { Secret } from "#base/secret.ts";

/** Returns the token that callers must send: the configured one, else the one in the home. */
export const gatewayToken = (config: Config, home: Home): Secret => config.gateway.token ?? home.token;

/**
 * Returns the keys for stored secrets: the configured keys, followed by the key of the home.
 * The key of the home stays in the list, because it may have encrypted older secrets.
 */
export function encryptionKeys(config: Config, home: Home): readonly [Secret, ...Secret[]] {
  const [first, ...others] = config.encryption.keys;
  return first ? [first, ...others, home.encryptionKey] : [home.encryptionKey];
}
