import type { CommandProblem, SplitCommand, Word } from "#features/custom-tools/command/split-command.ts";

const PARAMETER = /\{\{\s*\.(\w+)\s*\}\}/y;

/**
 * Converts a command for `sh -c`. Each parameter becomes a positional one of the shell, so its value is data that the
 * shell never reads as code. The reference is quoted by the place where it stands.
 */
export function toShellWords(command: string): SplitCommand {
  if (command.trim() === "") return wrong("field.command_empty");
  const parameters: string[] = [];
  let script = "";
  let quote = "";
  for (let at = 0; at < command.length; ) {
    PARAMETER.lastIndex = at;
    const [whole, name] = PARAMETER.exec(command) ?? [];
    if (whole !== undefined && name !== undefined) {
      if (!parameters.includes(name)) parameters.push(name);
      script += reference(parameters.indexOf(name) + 1, quote);
      at += whole.length;
      continue;
    }
    const character = command[at] ?? "";
    const length = character === "\\" && quote !== "'" ? 2 : 1;
    if (length === 1 && character === quote) quote = "";
    else if (quote === "" && (character === "'" || character === '"')) quote = character;
    script += command.slice(at, at + length);
    at += length;
  }
  if (quote !== "") return wrong("field.command_quote");
  const words: Word[] = parameters.map((parameter) => [{ parameter }]);
  // The word before the values is `$0`, the name by which the shell speaks of itself in errors.
  return { kind: "words", words: [fixed("/bin/sh"), fixed("-c"), fixed(script), fixed("sh"), ...words] };
}

const wrong = (problem: CommandProblem): SplitCommand => ({ kind: "wrong", problem });

const fixed = (text: string): Word => [{ text }];

/** Returns the reference to a positional parameter as one word, or as a part of the quotation in which it stands. */
function reference(position: number, quote: string): string {
  const value = `"\${${position}}"`;
  switch (quote) {
    case '"':
      return `\${${position}}`;
    case "'":
      return `'${value}'`;
    default:
      return value;
  }
}
