import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

/** Names, sizes and times of files below some paths. Reading all of their contents would take longer than a start. */
export function fingerprintOf(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    const stat = statSync(join(ROOT, path));
    if (stat.isDirectory()) for (const name of readdirSync(join(ROOT, path)).sort()) add(join(path, name));
    else hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const path of paths) add(path);
  return hash.digest("hex");
}

/** Returns the fingerprint of what was built from last, or undefined. */
export function readStamp(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
