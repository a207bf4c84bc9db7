import { Argument, type Command, Option } from "commander";
import { ownValue } from "#base/json.ts";
import { VARIABLES } from "#cli/connection/variables.ts";
import { type CommandEnvironment, Invocation, type SharedOptions } from "#cli/invocation.ts";
import { runGuarded } from "#cli/run-guarded.ts";

export interface CommandText {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
}

/**
 * Adds a command that calls a gateway. `run` gets the words of the command line, and may return the exit code. What it
 * throws is explained.
 */
export function addGatewayCommand<Options extends SharedOptions>(
  parent: Command,
  environment: CommandEnvironment,
  { name, summary, example }: CommandText,
  run: (invocation: Invocation<Options>, words: readonly unknown[]) => Promise<number | undefined>,
): Command {
  const command = addCommand(parent, environment, { name, summary, example }, run);
  return addConnectionOptions(addOutputOptions(command));
}

/** The same for a command that says itself which options it has. */
export function addCommand<Options extends SharedOptions>(
  parent: Command,
  environment: CommandEnvironment,
  { name, summary, example }: CommandText,
  run: (invocation: Invocation<Options>, words: readonly unknown[]) => Promise<number | undefined>,
): Command {
  return parent
    .command(name)
    .description(summary)
    .addHelpText("after", `\nExample:\n  ${example}`)
    .action(async (...all: readonly unknown[]) => {
      // Commander passes the arguments, the options and the command itself.
      const options = all.at(-2) as Options;
      const invocation = new Invocation(environment, options);
      await runGuarded(invocation, () => run(invocation, all.slice(0, -2)));
    });
}

/** Adds the options that say which gateway is called, and as whom. */
export function addConnectionOptions(command: Command): Command {
  const helps = {
    url: "the address of the gateway",
    token: "the gateway token or an API key",
    user: "on whose behalf you call",
    tenant: "id or slug of the tenant",
    context: "the name of a stored login",
  } as const;
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const help = `${ownValue(helps, name)} (${variable})`;
    command.addOption(new Option(`--${name} <${name}>`, help).helpGroup("Which gateway:"));
  }
  return command;
}

/** Adds the options that say how much is printed. */
export const addOutputOptions = (command: Command): Command =>
  command.option("--json", "print the answer as JSON").option("-q, --quiet", "print only ids");

/** Collects an option that may be given several times. */
export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

/** An argument in the form of commander. */
export const toArgument = (
  name: string,
  help: string,
  { isOptional = false, isRest = false }: { readonly isOptional?: boolean; readonly isRest?: boolean } = {},
): Argument => {
  const word = isRest ? `${name}...` : name;
  return new Argument(isOptional ? `[${word}]` : `<${word}>`, help);
};
