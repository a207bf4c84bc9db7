import { statfs } from "node:fs/promises";
import { type Finding, ok, problem, warning } from "#app/doctor/finding.ts";
import { type Home, homePath } from "#app/home.ts";
import { lockHome } from "#app/lock-home.ts";
import { StartError } from "#app/start-error.ts";

const MIB = 1_024 ** 2;
const LOW = 1_024 * MIB;
const TOO_LOW = 100 * MIB;

/** Looks at the space where everything is kept. */
export async function examineDisk({ path }: Home): Promise<Finding> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const text = `${formatBytes(free)} free for ${path}`;
  const advice = "Free some space there, or move the home to another disk with GOCLAW_HOME.";
  if (free < TOO_LOW) return problem("disk", text, advice);
  return free < LOW ? warning("disk", text, advice) : ok("disk", text);
}

/** Whether a gateway works with this home right now. */
export function isRunning(home: Home): boolean {
  try {
    lockHome(home).release();
    return false;
  } catch (thrown) {
    if (thrown instanceof StartError) return true;
    throw thrown;
  }
}

/** What can be said where there is no home yet. */
export const noHome = (env: Readonly<Record<string, string | undefined>>): Finding =>
  warning("home", `there is none at ${homePath(env)} yet`, "Start the gateway once: it makes what it needs.");

const formatBytes = (bytes: number): string =>
  bytes >= 1_024 * MIB ? `${(bytes / (1_024 * MIB)).toFixed(1)} GiB` : `${Math.round(bytes / MIB)} MiB`;
