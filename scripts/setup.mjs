import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root directory of the checkout. */
export const ROOT = resolve(fileURLToPath(new URL("..", import.meta.url)));

const OLDEST_NODE = 20;

class SetupError extends Error {}

/**
 * Makes the checkout runnable by installing missing parts. If that fails, it prints one sentence and exits the process
 * with code 1.
 */
export function ensureReady(root = ROOT) {
  try {
    if (!isReady(root)) prepare(root);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Returns the path of the checkout's Bun executable. */
export const bunPath = (root = ROOT) => join(root, "node_modules", "bun", "bin", "bun.exe");

/** Returns whether the last setup was for this lock file and this machine. */
export function isReady(root) {
  try {
    return readFileSync(stampPath(root), "utf8") === fingerprint(root) && existsSync(bunPath(root));
  } catch {
    return false;
  }
}

/**
 * Returns whether npm has already installed all packages that the lock file requires, so that no download is needed.
 */
export function isInstalled(root) {
  const required = packagesOf(join(root, "package-lock.json"));
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(required).every(([path, entry]) => {
    const isNeeded = path !== "" && !entry.optional && !entry.devOptional;
    return !isNeeded || installed[path]?.version === entry.version;
  });
}

/** Records that everything is installed and that Bun runs. */
export function markReady(root) {
  try {
    writeFileSync(stampPath(root), fingerprint(root));
  } catch (error) {
    // A read-only checkout still works: without the stamp, each start only checks again.
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
  // `npm ci` is unsuitable: it deletes node_modules under a running gateway, and refuses a lock file that lacks another
  // platform.
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
