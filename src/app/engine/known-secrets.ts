import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import type { Home } from "#app/home/home.ts";
import { Secret } from "#base/secret.ts";

export interface SecretHolders {
  readonly config: Config;
  readonly home: Home;
  readonly env: Environment;
}

/** Returns the gateway's own secrets, which no model and no trace may see. */
export const knownSecrets = ({ config, home, env }: SecretHolders): readonly Secret[] => [
  home.token,
  home.encryptionKey,
  ...secretsIn(config),
  ...apiKeysOf(env),
];

/** Returns every secret in the configuration, at any depth. */
function secretsIn(value: unknown): readonly Secret[] {
  if (value instanceof Secret) return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(secretsIn) : [];
}

/** Returns the API keys from which a first start would create a provider. */
const apiKeysOf = (env: Environment): readonly Secret[] =>
  Object.entries(env).flatMap(([name, value]) => (name.endsWith("_API_KEY") && value ? [new Secret(value)] : []));
