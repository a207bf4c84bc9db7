import { readFileSync } from "node:fs";
import { DEFAULT_HOST, DEFAULT_PORT } from "#app/client/default-address.ts";
import { readSections, resolveSections } from "#app/config/file/parse-sections.ts";
import type { Environment } from "#app/config/read-environment.ts";
import { configFileOf, homePath, tokenFileOf } from "#app/home/home-path.ts";
import { reachableName } from "#app/welcome.ts";
import { ownValue, recordOf } from "#base/json.ts";
import { Secret } from "#base/secret.ts";
import type { Target } from "#cli/connection/target.ts";

/**
 * Returns how to reach the gateway of this machine as its operator. Creates nothing. The schema of the configuration
 * stays out of this, because it takes longer to load than a call takes.
 */
export function findLocalGateway(env: Environment): Target {
  const home = homePath(env);
  const file = configFileOf(home);
  const written = { gateway: ownValue(readSections(file), "gateway") };
  const section = recordOf(resolveSections(written, { file, env }).gateway);
  const settingOf = (variable: string, key: string): string | undefined => {
    const value = env[variable]?.trim() || ownValue(section, key);
    return value === undefined || value === null ? undefined : String(value);
  };
  const host = settingOf("GOCLAW_HOST", "host") ?? DEFAULT_HOST;
  const port = settingOf("GOCLAW_PORT", "port") ?? DEFAULT_PORT;
  const isOpen = settingOf("GOCLAW_GATEWAY_AUTH", "auth") === "none";
  const token = isOpen ? undefined : (settingOf("GOCLAW_GATEWAY_TOKEN", "token") ?? readToken(tokenFileOf(home)));
  // Where the gateway has a user for calls that name none, it adds that user itself.
  const hasUser = settingOf("GOCLAW_DEFAULT_USER_ID", "default_user_id") !== undefined;
  const [owner = "system"] = (settingOf("GOCLAW_OWNER_IDS", "owner_ids") ?? "")
    .split(",")
    .filter((name) => name !== "");
  return {
    source: { kind: "local" },
    url: `http://${reachableName(host)}:${port}`,
    ...(token !== undefined && { token: new Secret(token) }),
    ...(!hasUser && { user: owner.trim() }),
  };
}

function readToken(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    // The home may belong to another user, or to no gateway yet. A call then says what is missing.
    return undefined;
  }
}
