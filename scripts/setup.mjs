import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The directory of the checkout. */
export const ROOT = resolve(fileURLToPath(new URL("..", import.meta.url)));

const OLDEST_NODE = 20;

class SetupError extends Error {}

/** Makes the checkout runnable: installs what is missing, and ends the process with one sentence when it cannot. */
export function ensureReady(root = ROOT) {
  try {
    if (!isReady(root)) prepare(root);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** The Bun executable of the checkout. */
export const bunPath = (root = ROOT) => join(root, "node_modules", "bun", "bin", "bun.exe");

/** True when the last set-up was for this lock file and this machine. */
export function isReady(root) {
  try {
    return readFileSync(stampPath(root), "utf8") === fingerprint(root) && existsSync(bunPath(root));
  } catch {
    return false;
  }
}

/** True when npm itself has already installed what the lock file asks for, so that nothing has to be fetched again. */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([path, entry]) => {
    const isNeeded = path !== "" && !entry.optional && !entry.devOptional;
    return !isNeeded || present[path]?.version === entry.version;
  });
}

/** Notes that everything is installed and that Bun runs. */
export function markReady(root) {
  try {
    writeFileSync(stampPath(root), fingerprint(root));
  } catch (error) {
    // Without the stamp the next start only checks again: a read-only checkout still works.
    if (error.code !== "EROFS" && error.code !== "EACCES") throw error;
  }
}

function prepare(root) {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new SetupError(`GoClaw needs Node.js ${OLDEST_NODE} or later to set itself up; this is ${process.version}.`);
  }
  if (!isInstalled(root)) install(root);
  if (!bunRuns(root)) {
    spawnSync(process.execPath, [join(root, "node_modules", "bun", "install.js")], { cwd: root, stdio: "ignore" });
  }
  if (!bunRuns(root)) {
    throw new SetupError(`Bun does not start on this machine: delete ${join(root, "node_modules")} and try again.`);
  }
  markReady(root);
}

function install(root) {
  process.stderr.write("Installing dependencies (first start only)…\n");
  // Not "npm ci": it clears node_modules under a running gateway, and refuses a lock file that lacks another platform.
  const options = ["install", "--no-save", "--include=dev", "--no-fund", "--no-audit", "--loglevel=silent"];
  const { status, error } = spawnSync("npm", options, { cwd: root, stdio: "ignore" });
  if (error?.code === "ENOENT") {
    throw new SetupError("npm was not found: install it (it comes with Node.js) and try again.");
  }
  if (status !== 0) {
    throw new SetupError(
      `The dependencies could not be installed: check the network, or run "npm install" in ${root} to see why.`,
    );
  }
}

const bunRuns = (root) => spawnSync(bunPath(root), ["--version"], { stdio: "ignore" }).status === 0;

const stampPath = (root) => join(root, "node_modules", ".goclaw-stamp");

const fingerprint = (root) =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .update(`${process.platform} ${process.arch}`)
    .digest("hex");

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
  } catch {
    return {};
  }
}

const isScript = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isScript) ensureReady();
