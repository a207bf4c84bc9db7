import { spawn } from "node:child_process";
import type { RunningProcess } from "#processes/process-runner.ts";

/** What the system starts for a `ProcessSpec`. */
export interface Launch {
  readonly argv: readonly [program: string, ...args: string[]];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts a command in a process group of its own. It inherits none of the gateway's environment. */
export function startProcess({ argv: [program, ...args], directory, environment }: Launch): RunningProcess {
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...environment },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = Promise.withResolvers<number | null>();
  child.once("error", exited.reject);
  child.once("exit", exited.resolve);
  // Without a listener, a command that closes its input early would end the gateway.
  child.stdin.on("error", () => {});
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: exited.promise,
    end: () => killGroup(child.pid),
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The whole group has already ended.
  }
}
