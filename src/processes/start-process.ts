import { spawn } from "node:child_process";
import { Writable } from "node:stream";
import type { RunningProcess } from "#processes/process-runner.ts";
import type { MemoryWatch } from "#processes/sandbox/memory-watch.ts";

/** What the system starts for a `ProcessSpec`. */
export interface Launch {
  readonly argv: readonly [program: string, ...args: string[]];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What all processes of the command may take together. Without it nobody counts. */
  readonly memoryBytes?: number;
  /** Kills processes that are not in the command's process group. */
  readonly endStrays: () => void;
  /** True without a sandbox. Such a command does not end with the gateway by itself, and its processes may go on. */
  readonly isUnboxed?: true;
}

/**
 * `none` reads as an empty file, and drops what is written. Programs that find a pipe there may wait for it, or take it
 * for their input.
 */
export type StandardInput = "pipe" | "none";

/** Starts a command in a process group of its own. It inherits none of the gateway's environment. */
export function startProcess(launch: Launch, input: StandardInput, memory?: MemoryWatch): RunningProcess {
  const { argv, directory, environment, memoryBytes, endStrays, isUnboxed } = launch;
  const [program, ...args] = isUnboxed ? tieToGateway(argv) : argv;
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...environment },
    detached: true,
    stdio: [input === "pipe" ? "pipe" : "ignore", "pipe", "pipe", ...(isUnboxed ? (["pipe"] as const) : [])],
  });
  const { stdout, stderr } = child;
  // Never happens: both outputs are pipes.
  if (!stdout || !stderr) throw new Error("a started process has no outputs");
  const stdin = child.stdin ?? new Writable({ write: (_chunk, _encoding, done) => done() });
  const exited = Promise.withResolvers<number | null>();
  // Whoever only uses the outputs need not wait for the end.
  exited.promise.catch(() => {});
  const state = { hasEnded: false, wasKilled: false, hasTakenTooMuchMemory: false };
  // After the end, the system may give the id to a process of somebody else.
  const end = () => {
    if (state.hasEnded || child.pid === undefined) return;
    state.wasKilled = true;
    killGroup(child.pid);
    endStrays();
  };
  const onMemoryExceeded = () => {
    state.hasTakenTooMuchMemory = true;
    end();
  };
  const isWatched = memoryBytes !== undefined && child.pid !== undefined;
  const unwatch = isWatched ? memory?.watch(child.pid, memoryBytes, onMemoryExceeded) : undefined;
  child.once("error", exited.reject);
  child.once("exit", (code) => {
    if (child.pid !== undefined) killGroup(child.pid);
    // A sandbox that is killed while it starts leaves its inner part behind, which is in no group of ours.
    if (isUnboxed || state.wasKilled) endStrays();
    state.hasEnded = true;
    unwatch?.();
    child.stdio[GATEWAY_PIPE]?.destroy();
    exited.resolve(code);
  });
  // Without a listener, a command that closes its input early would end the gateway.
  stdin.on("error", () => {});
  const hasTakenTooMuchMemory = () => state.hasTakenTooMuchMemory;
  return { stdin, stdout, stderr, exited: exited.promise, end, hasTakenTooMuchMemory };
}

/**
 * Adds a process to the command's group that waits for the end of the gateway. The system then closes the pipe
 * between them, and it kills the group. The command itself does not have the pipe. The shell waits for both, because a
 * container may have nobody else who collects ended processes.
 */
const GATEWAY_PIPE = 3;
const WAIT_AND_KILL = [
  `(exec >/dev/null 2>&1; read _ <&${GATEWAY_PIPE}; kill -9 0) </dev/null &`,
  `watcher=$!; "$@" ${GATEWAY_PIPE}<&-; code=$?`,
  "kill -9 $watcher; wait $watcher 2>/dev/null; exit $code",
].join("\n");

const tieToGateway = (argv: Launch["argv"]): Launch["argv"] => ["/bin/sh", "-c", WAIT_AND_KILL, "sh", ...argv];

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The whole group has already ended.
  }
}
