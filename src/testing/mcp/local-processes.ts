import { spawn } from "node:child_process";
import type { ProcessRunner, RunningProcess } from "#processes/process-runner.ts";

export interface LocalProcesses extends Pick<ProcessRunner, "start"> {
  /** The ids of the processes that were started and still run. */
  readonly running: ReadonlySet<number>;
  /** How many processes were started. */
  readonly started: number;
}

/** Starts processes without a sandbox, and knows which of them run. */
export function createLocalProcesses(): LocalProcesses {
  const running = new Set<number>();
  let started = 0;
  return {
    running,
    get started() {
      return started;
    },
    start({ argv: [command, ...args], directory, environment }): RunningProcess {
      started++;
      const child = spawn(command, args, {
        cwd: directory,
        env: { PATH: process.env.PATH ?? "", HOME: directory, ...environment },
        stdio: ["pipe", "pipe", "pipe"],
        detached: true,
      });
      const { pid } = child;
      if (pid !== undefined) running.add(pid);
      const { promise, resolve } = Promise.withResolvers<number | null>();
      const onEnd = (code: number | null) => {
        if (pid !== undefined) running.delete(pid);
        resolve(code);
      };
      child.on("exit", onEnd);
      child.on("error", () => onEnd(null));
      return {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        exited: promise,
        hasTakenTooMuchMemory: () => false,
        end() {
          if (pid === undefined || !running.has(pid)) return;
          try {
            process.kill(-pid, "SIGKILL");
          } catch {
            // The process ended a moment ago.
          }
        },
      };
    },
  };
}
