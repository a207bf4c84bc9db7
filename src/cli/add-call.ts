import type { Command } from "commander";
import { distance } from "fastest-levenshtein";
import { CommandFailure, UsageError } from "#cli/command-errors.ts";
import { callByName } from "#cli/connection/call-by-name.ts";
import { addGatewayCommand, collect, toArgument } from "#cli/gateway-command.ts";
import type { CommandEnvironment, Invocation, SharedOptions } from "#cli/invocation.ts";
import { readAssignment, readTextFile } from "#cli/resources/read-field.ts";
import { safeJson, safeText } from "#cli/terminal/safe-text.ts";
import { type HttpOperationName, isHttpOperation, OPERATION_NAMES } from "#client/index.ts";

interface CallOptions extends SharedOptions {
  readonly set?: readonly string[];
}

/** Adds `goclaw call`, which makes any call. */
export function addCall(program: Command, environment: CommandEnvironment): void {
  const text = {
    name: "call",
    summary: "call any operation; without a name, list their names",
    example: `goclaw call agents.shares.set '{"id":"default","user_id":"ada"}'`,
  };
  addGatewayCommand<CallOptions>(program, environment, text, async (invocation, [name, body]) => {
    if (name === undefined) invocation.print(...OPERATION_NAMES);
    else await call(invocation, String(name), body === undefined ? undefined : String(body));
    return undefined;
  })
    .addArgument(toArgument("operation", "its name, such as agents.get", { isOptional: true }))
    .addArgument(toArgument("input", "a JSON object, or - for the standard input", { isOptional: true }))
    .option("--set <name=value>", "a field: JSON or text, @file for the text of a file", collect);
}

async function call(invocation: Invocation<CallOptions>, name: string, body: string | undefined): Promise<void> {
  const { set = [] } = invocation.options;
  const input = { ...readInput(body), ...Object.fromEntries(set.map(readAssignment)) };
  const answer = await callByName(invocation.client, requireOperation(name), input);
  if (answer instanceof Blob) writeBytes(await answer.bytes(), invocation);
  else invocation.print(safeJson(answer, 2));
}

/** Bytes are passed on as they are, except to a terminal. */
function writeBytes(bytes: Uint8Array, { terminal: { out } }: Invocation): void {
  try {
    out.write(out.isTerminal ? safeText(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) : bytes);
  } catch (error) {
    throw new CommandFailure("the answer is no text: send it to a file with >.", { cause: error });
  }
}

function requireOperation(name: string): HttpOperationName {
  if (isHttpOperation(name)) return name;
  const [nearest = ""] = OPERATION_NAMES.toSorted((one, other) => distance(name, one) - distance(name, other));
  throw new UsageError(`there is no operation ${name}. Did you mean ${nearest}? goclaw call lists them all.`);
}

function readInput(body: string | undefined): object {
  if (body === undefined) return {};
  const input = parse(body === "-" ? readTextFile("-") : body);
  if (typeof input === "object" && input !== null && !Array.isArray(input)) return input;
  throw new UsageError(`the input must be one JSON object, such as '{"id":"default"}'.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
