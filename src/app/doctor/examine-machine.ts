import { accessSync, constants } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { ok, problem, warning } from "#app/doctor/finding.ts";
import { type Home, homeUnusable } from "#app/home/home.ts";
import { HomeInUse, lockHome } from "#app/home/lock-home.ts";
import type { Finding } from "#core/findings.ts";
import { codeOf } from "#db/errors.ts";

const MIB = 1_024 ** 2;
const LOW = 1_024 * MIB;
const TOO_LOW = 100 * MIB;

/** Checks the free disk space of the home. */
export async function examineDisk({ path }: Home): Promise<Finding> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const text = `${formatBytes(free)} free for ${path}`;
  const advice = "Free some space there, or move the home to another disk with GOCLAW_HOME.";
  if (free < TOO_LOW) return problem("disk", text, advice);
  return free < LOW ? warning("disk", text, advice) : ok("disk", text);
}

/** Returns whether a gateway uses this home now. Throws `StartError` if the home cannot be locked. */
export function isRunning(home: Home): boolean {
  try {
    lockHome(home).release();
    return false;
  } catch (thrown) {
    if (thrown instanceof HomeInUse) return true;
    throw thrown;
  }
}

/** Checks whether the first start could create a home at a path that no gateway has used. */
export function examinePlace(path: string): Finding {
  try {
    requireWritable(path);
    return warning("home", `there is none at ${path} yet`, "Start the gateway once: it makes what it needs.");
  } catch (thrown) {
    return problem("home", "it cannot be used", homeUnusable(path, thrown).message);
  }
}

/** Throws the system's error if the directory, or its nearest existing ancestor, is not writable. */
function requireWritable(path: string): void {
  try {
    // The trailing slash makes the check fail on a file.
    accessSync(`${path}/`, constants.W_OK | constants.X_OK);
  } catch (thrown) {
    if (codeOf(thrown) !== "ENOENT" || dirname(path) === path) throw thrown;
    requireWritable(dirname(path));
  }
}

const formatBytes = (bytes: number): string =>
  bytes >= 1_024 * MIB ? `${(bytes / (1_024 * MIB)).toFixed(1)} GiB` : `${Math.round(bytes / MIB)} MiB`;
