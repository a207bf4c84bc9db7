import { Contexts } from "#cli/connection/contexts.ts";
import { type ConnectionOptions, findTarget } from "#cli/connection/find-target.ts";
import { openClient } from "#cli/connection/open-client.ts";
import type { Target } from "#cli/connection/target.ts";
import { safeLine } from "#cli/terminal/safe-text.ts";
import type { Terminal } from "#cli/terminal/terminal.ts";
import type { Client } from "#client/index.ts";

/** What the program around the commands gives them. */
export interface CommandEnvironment {
  readonly terminal: Terminal;
  /** Returns how to reach the gateway of this machine. */
  findLocal(): Target;
}

/** The options that all commands on a gateway have. */
export interface SharedOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** One command with its options. The gateway is looked up at first use. */
export class Invocation<Options extends SharedOptions = SharedOptions> {
  readonly terminal: Terminal;
  readonly options: Options;
  readonly contexts: Contexts;
  readonly #findLocal: () => Target;
  #target: Target | undefined;
  #client: Client | undefined;

  constructor({ terminal, findLocal }: CommandEnvironment, options: Options) {
    this.terminal = terminal;
    this.options = options;
    this.contexts = new Contexts(terminal.env);
    this.#findLocal = findLocal;
  }

  get target(): Target {
    const { contexts, terminal } = this;
    this.#target ??= findTarget(this.options, { env: terminal.env, contexts, findLocal: this.#findLocal });
    return this.#target;
  }

  /** Calls a gateway that the command itself has found. */
  aimAt(target: Target): void {
    this.#target = target;
  }

  /** The target, if the command came so far as to look for one. */
  get knownTarget(): Target | undefined {
    return this.#target;
  }

  get client(): Client {
    const client = this.#client ?? openClient(this.target, this.terminal.env);
    this.#client = client;
    return client;
  }

  /** Prints lines to the standard output. They are made harmless before. */
  print(...lines: readonly string[]): void {
    for (const line of lines) this.terminal.out.write(`${line}\n`);
  }

  /** Tells a person something beside the output. Silent with `--quiet`. */
  note(line: string): void {
    const { err } = this.terminal;
    if (!this.options.quiet) err.write(`${err.paint("dim", safeLine(line))}\n`);
  }
}
