import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Environment } from "#app/config/read-environment.ts";

/** Returns the path of the home: `GOCLAW_HOME`, else `.goclaw` in the user's home directory. */
export function homePath(env: Environment): string {
  const configured = env.GOCLAW_HOME?.trim();
  const user = env.HOME || homedir();
  if (!configured) return join(user, ".goclaw");
  return configured === "~" || configured.startsWith("~/") ? join(user, configured.slice(2)) : resolve(configured);
}

/** Returns the path of the secrets in a home. */
export const secretsOf = (home: string): string => join(home, "secrets");

/** Returns the path of the token in a home. */
export const tokenFileOf = (home: string): string => join(secretsOf(home), "gateway-token");

/** Returns the path of the configuration in a home. */
export const configFileOf = (home: string): string => join(home, "config.json");
