import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "#app/config/load-config.ts";
import type { Environment } from "#app/config/read-environment.ts";
import { requireStrongToken } from "#app/config/require-strong-token.ts";
import type { Config } from "#app/config/schema.ts";
import { openDatabase } from "#app/database/open-database.ts";
import { databaseUnusable, examineDatabase, hasDatabase } from "#app/doctor/examine-database.ts";
import { examineGateway } from "#app/doctor/examine-gateway.ts";
import { examineJobs } from "#app/doctor/examine-jobs.ts";
import { examineDisk, examinePlace, isRunning } from "#app/doctor/examine-machine.ts";
import { examineNames, examineProxy } from "#app/doctor/examine-network.ts";
import {
  examineProviders,
  findProviderBase,
  listEnabledProviders,
  type TenantProvider,
} from "#app/doctor/examine-providers.ts";
import { examineSandbox } from "#app/doctor/examine-sandbox.ts";
import { ok, problem, warning } from "#app/doctor/finding.ts";
import { gatewayToken } from "#app/gateway-secrets.ts";
import { type Home, hasHome, openHome } from "#app/home/home.ts";
import { homePath } from "#app/home/home-path.ts";
import { openEgress } from "#app/open-egress.ts";
import { openSandbox } from "#app/open-sandbox.ts";
import { StartError } from "#app/start-error.ts";
import { createLogger } from "#base/logger.ts";
import type { Finding } from "#core/findings.ts";
import type { Database } from "#db/database.ts";

/** Checks everything that a gateway needs, and changes nothing. Skips checks whose prerequisites failed. */
export async function examine(env: Environment): Promise<readonly Finding[]> {
  const path = homePath(env);
  const [loaded, findings] = examineConfig(path, env);
  if (!hasHome(env)) return [...findings, examinePlace(path)];
  const home = openChecked(env);
  if (!("path" in home)) return [...findings, home];
  const found = [...findings, ok("home", home.path), await examineDisk(home)];
  if (!loaded) return found;
  found.push(await examineProcess(loaded, home), await examineBox(loaded, home, env));
  const { states, providers } = hasDatabase(loaded, home)
    ? await examineStored(loaded, home)
    : { states: [ok("database", "none yet: the first start makes it")], providers: undefined };
  return [...found, ...states, ...(await examineOutside(providers, { config: loaded, home, env }))];
}

function examineConfig(home: string, env: Environment): readonly [Config | undefined, Finding[]] {
  try {
    const { config, warnings } = loadConfig({ home, env });
    const warningFindings = warnings.map((text) => warning("config", text, "Correct or remove it."));
    return [
      config,
      warningFindings.length > 0 ? warningFindings : [ok("config", "config.json and the environment are understood")],
    ];
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

function examineProcess(config: Config, home: Home): Promise<Finding> | Finding {
  try {
    if (config.gateway.auth === "token") requireStrongToken(gatewayToken(config, home), config.gateway.host);
    return examineGateway(config, isRunning(home));
  } catch (thrown) {
    if (!(thrown instanceof StartError)) throw thrown;
    return problem("gateway", "it cannot start with this home", thrown.message);
  }
}

async function examineBox(config: Config, home: Home, env: Environment): Promise<Finding> {
  // The doctor changes nothing at home, so the files of its sandbox are elsewhere.
  const cache = await mkdtemp(join(tmpdir(), "goclaw-doctor-"));
  try {
    return await examineSandbox(config, await openSandbox(config, { home: home.path, cache }, env));
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

async function examineStored(config: Config, home: Home): Promise<Stored> {
  let database: Database | undefined;
  try {
    database = openDatabase(config, home, createLogger("silent"));
    const state = await examineDatabase(database, config, home);
    if (state.level !== "ok") return { states: [state] };
    return { states: [state, await examineJobs(database)], providers: await listEnabledProviders(database) };
  } catch (thrown) {
    return { states: [databaseUnusable(thrown, config)] };
  } finally {
    await database?.close();
  }
}

interface Stored {
  /** The database, and the jobs in it if they can be read. */
  readonly states: readonly Finding[];
  /** Absent if they cannot be read. */
  readonly providers?: readonly TenantProvider[];
}

async function examineOutside(
  providers: readonly TenantProvider[] | undefined,
  { config, home, env }: { readonly config: Config; readonly home: Home; readonly env: Environment },
): Promise<readonly Finding[]> {
  const egress = openEgress(config);
  try {
    const bases = (providers ?? []).flatMap((row) => findProviderBase(row) ?? []);
    const found = await Promise.all([examineNames(bases, config, egress), examineProxy(config, env)]);
    return providers ? [...found, ...(await examineProviders(providers, egress, { config, home }))] : found;
  } finally {
    egress.close();
  }
}
