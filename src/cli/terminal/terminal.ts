import type { ReadStream, WriteStream } from "node:tty";
import { EXIT } from "#cli/exit-codes.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;
export type Style = keyof typeof STYLES;

/** One of the two outputs of a command. */
export interface Output {
  readonly isTerminal: boolean;
  /** In cells. Undefined: as wide as it needs to be. */
  readonly width: number | undefined;
  write(text: string | Uint8Array): void;
  /** Returns the text in a style, or as it is where styles are not wanted. */
  paint(style: Style, text: string): string;
}

/** What a command reads from and writes to. */
export interface Terminal {
  readonly env: Environment;
  readonly out: Output;
  /** For people: what is going on, and what went wrong. */
  readonly err: Output;
  readonly input: ReadStream;
  /** Where lines are edited. */
  readonly screen: WriteStream;
  /** Whether a person may be asked. */
  readonly isInteractive: boolean;
}

/** Opens the terminal of a process. */
export function openTerminal({ env, stdin, stdout, stderr }: NodeJS.Process): Terminal {
  for (const stream of [stdout, stderr]) {
    // A reader such as `head` has seen enough.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(EXIT.ok);
      if (stream === stdout) stderr.write(`goclaw: the output cannot be written (${error.code}).\n`);
      process.exit(EXIT.refused);
    });
  }
  return {
    env,
    out: toOutput(stdout, env),
    err: toOutput(stderr, env),
    input: stdin,
    screen: stdout,
    isInteractive: isTerminal(stdin) && isTerminal(stdout),
  };
}

function toOutput(stream: NodeJS.WriteStream, env: Environment): Output {
  const hasStyles = isTerminal(stream) && !env.NO_COLOR && env.TERM !== "dumb";
  return {
    isTerminal: isTerminal(stream),
    get width() {
      return isTerminal(stream) ? stream.columns : Number(env.COLUMNS) || undefined;
    },
    write: (text) => {
      stream.write(text);
    },
    paint: (style, text) => {
      const [on, off] = STYLES[style];
      return hasStyles ? `\u001b[${on}m${text}\u001b[${off}m` : text;
    },
  };
}

const isTerminal = (stream: { readonly isTTY?: boolean }): boolean => stream.isTTY === true;
