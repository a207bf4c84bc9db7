import { readdir, readFile } from "node:fs/promises";
import { newId } from "#base/ids.ts";
import type { Launch } from "#processes/start-process.ts";

/** The variable that all processes of one command inherit, so that those which left its group are found. */
const TREE_MARK = "PROCESS_TREE";

/** Marks a command's environment, so that its processes can be killed wherever they are. */
export function markTree(environment: Launch["environment"]): Pick<Launch, "environment" | "endStrays"> {
  const mark = newId();
  return {
    environment: { ...environment, [TREE_MARK]: mark },
    endStrays: () => void killMarked(`${TREE_MARK}=${mark}`),
  };
}

/** A killed process may just have started another one, so the search is repeated until it finds nothing. */
const MAX_ROUNDS = 20;

async function killMarked(mark: string): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const ids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
    const killed = await Promise.all(ids.map((id) => killIfMarked(Number(id), mark)));
    if (!killed.includes(true)) return;
  }
}

async function killIfMarked(id: number, mark: string): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${id}/environ`, "utf8");
    if (!environment.split("\0").includes(mark)) return false;
    return process.kill(id, "SIGKILL");
  } catch {
    // The process has ended, or belongs to another user.
    return false;
  }
}
