import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprintOf, readStamp } from "./fingerprint.mjs";
import { bunPath, ROOT } from "./setup.mjs";

const OUTPUT = join(ROOT, "dist", "web");
/** Beside the output, because a build removes all that is in it. */
const STAMP = join(ROOT, "dist", "web.stamp");
/** What the dashboard is made of. */
const SOURCES = ["web", "src/client", "package-lock.json"];

/**
 * Builds the dashboard if its sources changed since the last build. A gateway without it still serves everything else,
 * so a failure is a warning.
 */
export function ensureWeb() {
  const fingerprint = fingerprintOf(SOURCES);
  if (existsSync(join(OUTPUT, "dashboard-files.ts")) && readStamp(STAMP) === fingerprint) return;
  // Another start may build at the same time.
  const target = `${OUTPUT}-${process.pid}`;
  const { status, stderr } = spawnSync(bunPath(), ["--no-env-file", join(ROOT, "web", "build.ts"), target], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "inherit", "pipe"],
  });
  if (status === 0) {
    rmSync(OUTPUT, { recursive: true, force: true });
    renameSync(target, OUTPUT);
    writeFileSync(STAMP, fingerprint);
  } else {
    rmSync(target, { recursive: true, force: true });
    process.stderr.write(`The dashboard could not be built, everything else works:\n${stderr}\n`);
  }
}
