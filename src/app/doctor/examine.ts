import { loadConfig } from "#app/config/load-config.ts";
import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import { examineDatabase, hasDatabase } from "#app/doctor/examine-database.ts";
import { examineGateway } from "#app/doctor/examine-gateway.ts";
import { examineDisk, isRunning, noHome } from "#app/doctor/examine-machine.ts";
import { examineProviders } from "#app/doctor/examine-providers.ts";
import { type Finding, ok, problem, warning } from "#app/doctor/finding.ts";
import { type Home, hasHome, homePath, openHome } from "#app/home.ts";
import { openDatabase } from "#app/open-database.ts";
import { StartError } from "#app/start-error.ts";
import { createLogger } from "#base/logger.ts";

/** Looks at everything that a gateway needs, changing nothing of it. What cannot be looked at without the rest is left out. */
export async function examine(env: Environment): Promise<readonly Finding[]> {
  const path = homePath(env);
  const [loaded, findings] = examineConfig(path, env);
  if (!hasHome(env)) return [...findings, noHome(env)];
  const home = openChecked(env);
  if (!("path" in home)) return [...findings, home];
  const found = [...findings, ok("home", home.path), await examineDisk(home)];
  if (!loaded) return found;
  found.push(await examineGateway(loaded, isRunning(home)));
  if (!hasDatabase(loaded, home)) return [...found, ok("database", "none yet: the first start makes it")];
  return [...found, ...(await examineStored(loaded, home))];
}

function examineConfig(home: string, env: Environment): readonly [Config | undefined, Finding[]] {
  try {
    const { config, warnings } = loadConfig({ home, env });
    const doubts = warnings.map((text) => warning("config", text, "Correct the name, or remove it."));
    return [config, doubts.length > 0 ? doubts : [ok("config", "config.json and the environment are understood")]];
  } catch (thrown) {
    if (!(thrown instanceof StartError)) throw thrown;
    return [undefined, [problem("config", "it cannot be used", thrown.message)]];
  }
}

function openChecked(env: Environment): Home | Finding {
  try {
    return openHome(env);
  } catch (thrown) {
    if (!(thrown instanceof StartError)) throw thrown;
    return problem("home", "it cannot be used", thrown.message);
  }
}

async function examineStored(config: Config, home: Home): Promise<readonly Finding[]> {
  const database = openDatabase(config, home, createLogger("silent"));
  try {
    const state = await examineDatabase(database, config, home);
    return state.level === "ok" ? [state, ...(await examineProviders(database, config, home))] : [state];
  } finally {
    await database.close();
  }
}
