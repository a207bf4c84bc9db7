import { join } from "node:path";

const LAUNCHER = join(import.meta.dir, "../../bin/goclaw.mjs");

/** The output and exit code of a command. */
export interface CommandOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A `goclaw` command that is running. */
export interface RunningGoclaw {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Writes to its standard input, which is a pipe or a terminal. */
  write(text: string): void;
  /** Closes the pipe of its standard input. */
  end(): void;
  signal(name: NodeJS.Signals): void;
  /** Resolves when its output has a text, after the last one that was waited for. Rejects if the command ends before. */
  until(text: string): Promise<void>;
  readonly exited: Promise<CommandOutcome>;
}

type Variables = Readonly<Record<string, string>>;

const commandOf = (home: string, args: readonly string[], env: Variables) => ({
  command: ["node", LAUNCHER, ...args],
  options: { cwd: home, env: { PATH: process.env.PATH, HOME: home, GOCLAW_HOME: home, ...env } },
});

/** Runs the `goclaw` command to its end. It inherits only `PATH` from this process's environment. */
export async function runGoclaw(
  home: string,
  args: readonly string[],
  env: Variables = {},
  input?: string | Uint8Array<ArrayBuffer>,
): Promise<CommandOutcome> {
  const { command, options } = commandOf(home, args, env);
  const stdin = input === undefined ? "ignore" : new Blob([input]);
  const child = Bun.spawn(command, { ...options, stdin, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, exitCode };
}

/** Starts the `goclaw` command with pipes. */
export function startGoclaw(home: string, args: readonly string[], env: Variables = {}): RunningGoclaw {
  const { command, options } = commandOf(home, args, env);
  const child = Bun.spawn(command, { ...options, stdin: "pipe", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = [new Heard(), new Heard()];
  const all = Promise.all([stdout.listen(child.stdout), stderr.listen(child.stderr), child.exited]);
  return {
    stdout: () => stdout.text,
    stderr: () => stderr.text,
    write: (text) => {
      child.stdin.write(text);
      child.stdin.flush();
    },
    end: () => {
      child.stdin.end();
    },
    signal: (name) => child.kill(name),
    until: (text) => Promise.race([stdout.until(text), stderr.until(text), refuseEnd(child.exited, text)]),
    exited: all.then(([, , exitCode]) => ({ stdout: stdout.text, stderr: stderr.text, exitCode })),
  };
}

/** Starts the `goclaw` command on a terminal of 80 columns, which shows both of its outputs. */
export function startOnTerminal(home: string, args: readonly string[], env: Variables = {}): RunningGoclaw {
  const { command, options } = commandOf(home, args, { TERM: "xterm", ...env });
  const heard = new Heard();
  const terminal = { cols: 80, rows: 24, data: (_: unknown, bytes: Uint8Array) => heard.hear(bytes) };
  const child = Bun.spawn(command, { ...options, terminal });
  return {
    stdout: () => heard.text,
    stderr: () => "",
    write: (text) => {
      child.terminal?.write(text);
    },
    end: () => child.terminal?.close(),
    signal: (name) => child.kill(name),
    until: (text) => Promise.race([heard.until(text), refuseEnd(child.exited, text)]),
    exited: child.exited.then((exitCode) => ({ stdout: heard.text, stderr: "", exitCode })),
  };
}

async function refuseEnd(exited: Promise<number>, text: string): Promise<never> {
  const exitCode = await exited;
  // What was written last may still be on its way.
  await Bun.sleep(500);
  throw new Error(`the command ended with ${exitCode} before it wrote ${JSON.stringify(text)}`);
}

/** What a command has written so far. */
class Heard {
  text = "";
  readonly #decoder = new TextDecoder();
  readonly #waiting = new Set<() => void>();
  /** Where the next text is looked for. */
  #from = 0;

  hear(bytes: Uint8Array): void {
    this.text += this.#decoder.decode(bytes, { stream: true });
    for (const check of this.#waiting) check();
  }

  async listen(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of stream) this.hear(bytes);
  }

  until(text: string): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        const at = this.text.indexOf(text, this.#from);
        if (at === -1) return;
        this.#from = at + text.length;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }
}
