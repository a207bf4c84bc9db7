import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Home } from "#app/home/home.ts";
import { isUuid, type TenantId, toTenantId } from "#base/ids.ts";
import { SHARED_WORKSPACE } from "#runtime/tools/index.ts";

/** Returns the directory, below each agent's own, that gets its files. Agents that do not exist are left out. */
export type FindPlaces = (tenantId: TenantId, agentIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Says that the directories in the workspace are those of users. */
const MARK = ".by-user";
/** Holds the directories of an earlier release, until each agent's files are moved. */
const OLD = ".old";

/**
 * Gives the files that an earlier release kept by agent to one of the agent's users. Every step is a rename, so a start
 * after a crash goes on where the last one ended. It happens once per home, before any agent works.
 */
export async function moveWorkspaces({ workspace }: Pick<Home, "workspace">, findPlaces: FindPlaces): Promise<void> {
  const old = join(workspace, OLD);
  if (!existsSync(join(workspace, MARK))) await setAside(workspace, old);
  if (!existsSync(old)) return;
  for (const tenant of await directoriesIn(old)) {
    const agents = await directoriesIn(join(old, tenant));
    const places = await findPlaces(toTenantId(tenant), agents);
    for (const agent of agents) {
      const target = join(workspace, tenant, agent);
      await mkdir(target, { recursive: true, mode: 0o700 });
      // The files of an agent that was deleted go where nobody reads them.
      await rename(join(old, tenant, agent), join(target, places.get(agent) ?? SHARED_WORKSPACE));
    }
    await moveRest(join(old, tenant), join(workspace, tenant));
    await rmdir(join(old, tenant));
  }
  await rmdir(old);
}

/** Moves what belongs to no agent, such as a file that the operator has put there. */
async function moveRest(from: string, to: string): Promise<void> {
  const names = await readdir(from);
  if (names.length > 0) await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of names) await rename(join(from, name), join(to, name));
}

async function setAside(workspace: string, old: string): Promise<void> {
  for (const tenant of await directoriesIn(workspace)) {
    await mkdir(old, { recursive: true, mode: 0o700 });
    await rename(join(workspace, tenant), join(old, tenant));
  }
  await writeFile(join(workspace, MARK), "");
}

async function directoriesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && isUuid(entry.name)).map(({ name }) => name);
}
