import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { startThrowawayPostgres } from "./throwaway-postgres.mjs";

/** Finds a Postgres for the tests and says which: `{ url, stop }`, both undefined if there is none. */
export async function choosePostgres() {
  const given = process.env.GOCLAW_TEST_POSTGRES_URL;
  if (given) {
    process.stdout.write("Tests on SQLite and the Postgres of GOCLAW_TEST_POSTGRES_URL\n");
    return { url: given };
  }
  try {
    const started = await startThrowawayPostgres();
    if (started) {
      process.stdout.write(`Tests on SQLite and Postgres ${started.version} (throw-away cluster)\n`);
      return started;
    }
    process.stdout.write("Tests on SQLite; no Postgres found\n");
  } catch (error) {
    process.stdout.write(`Tests on SQLite; ${error.message}\n`);
  }
  return {};
}

/** Installs PgBouncer for its tests. */
export const preparePooler = () => prepareProgram({ name: "PgBouncer", program: "pgbouncer", package: "pgbouncer" });

/** Installs bubblewrap for the tests of the sandbox. They also need a kernel that allows it, and say if it does not. */
export const prepareSandbox = () => prepareProgram({ name: "bubblewrap", program: "bwrap", package: "bubblewrap" });

/** Installs Chromium for the tests of the dashboard's pages: its headless shell, which takes half the time, or all. */
export function prepareChromium() {
  const timeout = 300_000;
  const shell = "chromium-headless-shell";
  const hasShell = prepareProgram({ name: "Chromium", program: shell, package: shell, timeout, isNeeded: false });
  const program = ["chromium", "chromium-browser", "google-chrome"];
  if (!hasShell) prepareProgram({ name: "Chromium", program, package: "chromium", timeout });
}

/** Installs fonts for the pictures of the dashboard: one of emoji, and one of Chinese. */
export function prepareFonts() {
  for (const [name, program, packageName] of [
    ["font of emoji", "NotoColorEmoji.ttf", "fonts-noto-color-emoji"],
    ["font of Chinese", "wqy-microhei.ttc", "fonts-wqy-microhei"],
  ]) {
    prepareProgram({ name, program, package: packageName, without: "PICTURES HAVE BOXES IN PLACE OF CHARACTERS" });
  }
}

/**
 * Installs a program where a package can be installed without asking: as root of a Debian, such as in a container.
 * Returns whether there is one now. Says if one that is needed is missing, because its tests are then skipped.
 */
function prepareProgram({ name, program, package: packageName, ...options }) {
  const { timeout = 120_000, without = "ITS TESTS ARE SKIPPED", isNeeded = true } = options;
  const isThere = () => PLACES.some((directory) => [program].flat().some((file) => existsSync(join(directory, file))));
  if (isThere()) return true;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...command) => spawnSync("apt-get", [...command, "-q"], { timeout, env }).status === 0;
  if (process.getuid?.() === 0) {
    const install = () => apt("install", "-y", packageName);
    // A new machine has no list of packages, or an old one.
    if (!install() && apt("update")) install();
  }
  const hasInstalled = isThere();
  if (hasInstalled) process.stdout.write(`Installed ${name} for the tests\n`);
  else if (isNeeded) process.stdout.write(`NO ${name} FOUND: ${without}\n`);
  return hasInstalled;
}

const FONTS = "/usr/share/fonts/truetype";
/** Debian keeps servers where only root looks. */
const PLACES = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", join(FONTS, "noto"), join(FONTS, "wqy")];

/** The environment of tests. Removes this machine's settings and provider keys. */
export function testEnvironment(postgresUrl, executable) {
  const isOfMachine = (name) =>
    (name.startsWith("GOCLAW_") && !name.startsWith("GOCLAW_TEST_")) ||
    name.endsWith("_API_KEY") ||
    ["DATABASE_URL", "REDIS_URL"].includes(name);
  const kept = Object.entries(process.env).filter(([name]) => !isOfMachine(name));
  return {
    ...Object.fromEntries(kept),
    GOCLAW_TEST: "1",
    ...(executable && { GOCLAW_TEST_EXECUTABLE: executable }),
    ...(postgresUrl && { GOCLAW_TEST_POSTGRES_URL: postgresUrl }),
    ...(process.stderr.isTTY && !process.env.NO_COLOR && { FORCE_COLOR: "1" }),
  };
}
