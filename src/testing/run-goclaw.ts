import { join } from "node:path";

const LAUNCHER = join(import.meta.dir, "../../bin/goclaw.mjs");

/** The output and exit code of a command. */
export interface CommandOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs the `goclaw` command to its end. It inherits only `PATH` from this process's environment. */
export async function runGoclaw(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandOutcome> {
  const child = Bun.spawn(["node", LAUNCHER, ...args], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, GOCLAW_HOME: home, ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, exitCode };
}
