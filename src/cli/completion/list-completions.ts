import type { Command } from "commander";

/** What may follow the words of a command line. */
export interface Completion {
  /** The words before, such as `agents get`. Empty at the beginning. */
  readonly path: string;
  readonly words: readonly CompletionWord[];
}

export interface CompletionWord {
  readonly word: string;
  readonly help: string;
}

/** Lists what may follow each command of a program. */
export function listCompletions(program: Command, path = ""): readonly Completion[] {
  const commands = program.commands.map((command) => ({ word: command.name(), help: command.description() }));
  const options = program.options.map(({ long, flags, description }) => ({ word: long ?? flags, help: description }));
  const words = [...commands, ...options, { word: "--help", help: "explain the command" }];
  return [
    { path, words },
    ...program.commands.flatMap((command) => listCompletions(command, `${path} ${command.name()}`.trim())),
  ];
}
