import type { Readable } from "node:stream";
import { LIMITS } from "#base/limits.ts";
import { OutputCollector } from "#processes/output-collector.ts";
import type { CommandResult, RunLimits, RunningProcess } from "#processes/process-runner.ts";

/** The time in milliseconds to wait for further output after the command has exited. */
const DRAIN_MS = 200;

/** Waits until a process ends, and ends it at its limits. Background processes that it leaves are killed. */
export async function collectResult(
  running: RunningProcess,
  input: string | undefined,
  { timeoutMs, outputChars, signal }: RunLimits,
): Promise<CommandResult> {
  let ending: CommandResult["ending"] = "exited";
  const end = (reason: CommandResult["ending"]) => {
    if (ending === "exited") ending = reason;
    running.end();
  };
  const outputs = new Outputs(running, outputChars, () => end("flooded"));
  const onAbort = () => end("aborted");
  const timer = setTimeout(() => end("timeout"), timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  running.stdin.end(input);
  try {
    const exitCode = await running.exited;
    if (running.hasTakenTooMuchMemory()) end("memory");
    await Promise.race([outputs.closed, Bun.sleep(DRAIN_MS)]);
    return { ...outputs.texts, exitCode: ending === "exited" ? (exitCode ?? undefined) : undefined, ending };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    running.end();
    for (const stream of [running.stdin, running.stdout, running.stderr]) stream.destroy();
  }
}

/** The kept text of both outputs, each alone and together. */
class Outputs {
  /** Resolves when both outputs are closed. */
  readonly closed: Promise<unknown>;
  readonly #both: OutputCollector;
  readonly #stdout: OutputCollector;
  readonly #stderr: OutputCollector;
  readonly #onFlood: () => void;
  #bytes = 0;

  constructor({ stdout, stderr }: RunningProcess, chars: number, onFlood: () => void) {
    this.#both = new OutputCollector(chars);
    this.#stdout = new OutputCollector(chars);
    this.#stderr = new OutputCollector(chars);
    this.#onFlood = onFlood;
    this.closed = Promise.all([this.#read(stdout, this.#stdout), this.#read(stderr, this.#stderr)]);
  }

  get texts(): Pick<CommandResult, "output" | "stdout" | "stderr"> {
    return { output: this.#both.text, stdout: this.#stdout.text, stderr: this.#stderr.text };
  }

  async #read(stream: Readable, own: OutputCollector): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of stream as AsyncIterable<Uint8Array>) {
        this.#bytes += bytes.length;
        if (this.#bytes > LIMITS.processOutputBytes) return this.#onFlood();
        const text = decoder.decode(bytes, { stream: true });
        own.add(text);
        this.#both.add(text);
      }
    } catch {
      // The stream was destroyed after the command ended.
    }
  }
}
