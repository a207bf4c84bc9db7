import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { OutputCollector } from "#processes/output-collector.ts";

export interface CommandOptions {
  readonly directory: string;
  /** In milliseconds. Then the command is killed with every process that it started. */
  readonly timeoutMs: number;
  /** The maximum number of output characters that are kept. */
  readonly outputChars: number;
  readonly signal: AbortSignal;
}

export interface CommandResult {
  /** The text of both standard outputs, in the order of arrival. */
  readonly output: string;
  /** Undefined if the gateway or a signal ended the command. */
  readonly exitCode: number | undefined;
  readonly ending: "exited" | "timeout" | "aborted";
}

/** The time in milliseconds to wait for further output after the command has exited. */
const DRAIN_MS = 200;

/**
 * Runs a command with `sh -c` in a process group of its own, which is killed when the command ends. The command gets no
 * input and none of the gateway's environment. Rejects if it cannot be started.
 */
export async function runCommand(command: string, options: CommandOptions): Promise<CommandResult> {
  const { directory, timeoutMs, outputChars, signal } = options;
  const child = spawn("/bin/sh", ["-c", command], {
    cwd: directory,
    env: { PATH: SAFE_PATH, HOME: directory, LANG: "C.UTF-8", TERM: "dumb" },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const collector = new OutputCollector(outputChars);
  const closed = Promise.all([collect(child.stdout, collector), collect(child.stderr, collector)]);
  let ending: CommandResult["ending"] = "exited";
  const end = (reason: CommandResult["ending"]) => {
    ending = reason;
    killGroup(child);
  };
  const onAbort = () => end("aborted");
  const timer = setTimeout(() => end("timeout"), timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const exitCode = await untilExit(child);
    await Promise.race([closed, Bun.sleep(DRAIN_MS)]);
    return { output: collector.text, exitCode: ending === "exited" ? exitCode : undefined, ending };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    // Kills background processes that the command left running.
    killGroup(child);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

const SAFE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function untilExit(child: ChildProcess): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  child.once("error", reject);
  child.once("exit", (code) => resolve(code ?? undefined));
  return promise;
}

async function collect(stream: Readable, collector: OutputCollector): Promise<void> {
  stream.setEncoding("utf8");
  try {
    for await (const text of stream) collector.add(String(text));
  } catch {
    // The stream was destroyed after the command ended.
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The whole group has already ended.
  }
}
