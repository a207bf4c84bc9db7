import { CommandFailure, UsageError } from "#cli/command-errors.ts";
import { callByName } from "#cli/connection/call-by-name.ts";
import type { Invocation, SharedOptions } from "#cli/invocation.ts";
import { readAssignment } from "#cli/resources/read-field.ts";
import type { CommandArgument, CommandOption, Input, ResourceCommand } from "#cli/resources/resource-command.ts";
import { showAnswer } from "#cli/resources/show-answer.ts";

/** The options of a command, as commander hands them over: shared ones, and one for each field. */
export interface ResourceOptions extends SharedOptions {
  readonly set?: readonly string[];
  readonly [option: string]: unknown;
}

/** Reads what was written, makes the call and shows its answer. */
export async function runResourceCommand(
  command: ResourceCommand,
  words: readonly unknown[],
  invocation: Invocation<ResourceOptions>,
): Promise<void> {
  const written = { ...(await readArguments(command, words, invocation)), ...readOptions(command, invocation.options) };
  const complete = { ...command.defaults, ...written };
  const input = command.prepare?.(complete) ?? complete;
  const answer = await callByName(invocation.client, command.operation, input);
  // Safe: the answer is that of the command's own operation.
  const failure = command.failure?.(answer as never);
  if (!failure || invocation.options.json) showAnswer(command, answer, input, invocation);
  if (failure) throw new CommandFailure(failure);
}

async function readArguments(
  { arguments: known = [] }: ResourceCommand,
  words: readonly unknown[],
  invocation: Invocation<ResourceOptions>,
): Promise<Input> {
  const fields = known.map(async (argument, index) => {
    const word = words[index];
    if (word === undefined || (Array.isArray(word) && word.length === 0)) return [];
    return [[argument.field, await readArgument(argument, word, invocation)] as const];
  });
  return Object.fromEntries((await Promise.all(fields)).flat());
}

function readArgument(argument: CommandArgument, word: unknown, invocation: Invocation<ResourceOptions>): unknown {
  if (Array.isArray(word)) return argument.rest === "list" ? word : word.join(" ");
  const text = String(word);
  if (argument.lookUp) return findId(argument, text, invocation);
  return argument.read ? argument.read(text) : text;
}

/** Finds an id by a name. What is unknown is sent as it is, so that the gateway says so itself. */
async function findId({ lookUp }: CommandArgument, text: string, { client }: Invocation): Promise<string> {
  if (!lookUp) return text;
  // Safe: the answer is that of the operation that the entries are declared for.
  const entries = lookUp.entries((await callByName(client, lookUp.operation, {})) as never);
  const found = entries.filter(({ id, names }) => id === text || names.includes(text));
  const [only, ...others] = found;
  if (others.length > 0)
    throw new UsageError(`several are called ${text}: name the id, ${found.map(({ id }) => id).join(" or ")}.`);
  return only?.id ?? text;
}

function readOptions({ options: known = [] }: ResourceCommand, options: ResourceOptions): Input {
  const fields = known.flatMap((option): (readonly [string, unknown])[] => {
    const text = options[optionName(option)];
    if (typeof text !== "string") return [];
    return [[option.field, option.read ? option.read(text) : text]];
  });
  return Object.fromEntries([...fields, ...(options.set ?? []).map(readAssignment)]);
}

/** The name by which commander hands over an option: `--api-base <url>` is `apiBase`. */
const optionName = ({ flags }: CommandOption): string =>
  (/--([\w-]+)/.exec(flags)?.[1] ?? "").replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
