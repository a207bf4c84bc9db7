import { spawn } from "node:child_process";
import type { RunningProcess } from "#processes/process-runner.ts";

/** What the system starts for a `ProcessSpec`. */
export interface Launch {
  readonly argv: readonly [program: string, ...args: string[]];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Kills processes that have left the command's process group. A sandbox has no such processes. */
  readonly endStrays?: () => void;
}

/** Starts a command in a process group of its own. It inherits none of the gateway's environment. */
export function startProcess(launch: Launch): RunningProcess {
  const { argv, directory, environment, endStrays } = launch;
  const [program, ...args] = argv;
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...environment },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = Promise.withResolvers<number | null>();
  // Whoever only uses the outputs need not wait for the end.
  exited.promise.catch(() => {});
  const state = { hasEnded: false };
  // After the end, the system may give the id to a process of somebody else.
  const end = () => {
    if (state.hasEnded || child.pid === undefined) return;
    killGroup(child.pid);
    endStrays?.();
  };
  child.once("error", exited.reject);
  child.once("exit", (code) => {
    end();
    state.hasEnded = true;
    exited.resolve(code);
  });
  // Without a listener, a command that closes its input early would end the gateway.
  child.stdin.on("error", () => {});
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exited: exited.promise, end };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The whole group has already ended.
  }
}
