import { createHmac } from "node:crypto";
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

/** What logins of browsers know of this gateway: neither the name of their cookie nor the mark tells a secret. */
export interface LoginMarks {
  readonly cookieName: string;
  readonly tokenMark: string;
}

/**
 * Derives the marks of logins, which are the same on all nodes. They are keyed, because a token may be short enough to
 * be guessed from a plain hash.
 */
export function loginMarks(config: Config, home: Home): LoginMarks {
  const [key] = encryptionKeys(config, home);
  const token = gatewayToken(config, home).reveal();
  const markOf = (purpose: string) => createHmac("sha256", key.reveal()).update(`${purpose}:${token}`).digest("hex");
  return { cookieName: `goclaw_login_${markOf("cookie").slice(0, 8)}`, tokenMark: markOf("token") };
}
