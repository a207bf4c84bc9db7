import { loadConfig } from "#app/config/load-config.ts";
import { openDatabase } from "#app/database/open-database.ts";
import { hasHome, openHome } from "#app/home/home.ts";
import { homePath } from "#app/home/home-path.ts";
import { StartError } from "#app/start-error.ts";
import { toStartError } from "#app/to-start-error.ts";
import { toTenantId } from "#base/ids.ts";
import { createLogger } from "#base/logger.ts";
import { type ChainFault, type ChainReport, verifyChain } from "#core/activity/verify-chain.ts";

const FAULTS: Readonly<Record<ChainFault["kind"], string>> = {
  missing: "entries are missing from",
  changed: "changed at",
  end: "entries are missing at the end, from",
};

/**
 * Verifies the activity logs of all tenants in the database of the home, which may be a copy. Returns a line for each,
 * and whether all of them are whole.
 */
export async function verifyActivity(env: NodeJS.ProcessEnv): Promise<{ lines: readonly string[]; isWhole: boolean }> {
  if (!hasHome(env)) {
    throw new StartError(`There is no home in ${homePath(env)}: set GOCLAW_HOME to that of the gateway.`);
  }
  const home = openHome(env);
  const { config } = loadConfig({ home: home.path, env });
  const database = openDatabase(config, home, createLogger(config.log.level));
  try {
    const tenants = await database
      .system("verifies the activity logs of all tenants")
      .read.selectFrom("tenants")
      .select(["id", "slug"])
      .orderBy("slug")
      .execute();
    const lines: string[] = [];
    let isWhole = true;
    for (const { id, slug } of tenants) {
      const report = await verifyChain(database.forTenant(toTenantId(id)).read);
      lines.push(describe(slug, report));
      if (report.fault) isWhole = false;
    }
    return { lines, isWhole };
  } catch (thrown) {
    throw toStartError(thrown, config);
  } finally {
    await database.close();
  }
}

function describe(slug: string, { rows, hash, fault }: ChainReport): string {
  if (fault) return `${slug}: NOT WHOLE, ${FAULTS[fault.kind]} number ${fault.seq}`;
  return rows === 0 ? `${slug}: empty` : `${slug}: whole, ${rows} entries, ends with ${hash}`;
}
