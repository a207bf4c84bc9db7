import { join } from "node:path";
import type { CommandOutcome } from "#testing/run-goclaw.ts";

/** The folder of the generators. Its package.json and requirements.txt name them and their versions. */
const FOLDER = join(import.meta.dir, "../../scripts/client-generators");
const PYTHON = "node_modules/.python/bin";
/** In milliseconds, for one command. */
const TIMEOUT = 180_000;

/** Runs a command in the folder of the generators. */
export async function runGenerator(command: readonly string[]): Promise<CommandOutcome> {
  const child = Bun.spawn([...command], {
    cwd: FOLDER,
    env: { ...process.env, PATH: `${join(FOLDER, PYTHON)}:${process.env.PATH}`, FORCE_COLOR: "0" },
    stdout: "pipe",
    stderr: "pipe",
    timeout: TIMEOUT,
  });
  const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, exitCode };
}

/** Installs the generators that npm has. Resolves to false where the registry does not answer. */
export async function installNodeGenerators(): Promise<boolean> {
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--fetch-retries=1"];
  return succeeds(["npm", "install", ...options]);
}

/** Installs those that PyPI has. Resolves to false without Python, and where the registry does not answer. */
export async function installPythonGenerators(): Promise<boolean> {
  const pip = [`${PYTHON}/pip`, "install", "--quiet", "--disable-pip-version-check", "--retries", "1"];
  return (
    (await succeeds(["python3", "-m", "venv", "node_modules/.python"])) &&
    (await succeeds([...pip, "--requirement", "requirements.txt"]))
  );
}

async function succeeds(command: readonly string[]): Promise<boolean> {
  try {
    return (await runGenerator(command)).exitCode === 0;
  } catch {
    // The command is not on this machine.
    return false;
  }
}
