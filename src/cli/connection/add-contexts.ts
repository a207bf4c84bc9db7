import type { Command } from "commander";
import { UsageError } from "#cli/command-errors.ts";
import { logIn } from "#cli/connection/log-in.ts";
import { addCommand, addConnectionOptions, addOutputOptions, toArgument } from "#cli/gateway-command.ts";
import type { CommandEnvironment, Invocation } from "#cli/invocation.ts";
import { toCell } from "#cli/output/to-cell.ts";
import { toTable } from "#cli/output/to-table.ts";
import { safeJson, safeLine } from "#cli/terminal/safe-text.ts";

/** Adds the commands about stored gateways: `login`, `logout`, `contexts` and `use`. */
export function addContexts(program: Command, environment: CommandEnvironment): void {
  const login = {
    name: "login",
    summary: "check a token and store it under a name, with the address of its gateway",
    example: "goclaw login work --url https://gateway.example.com --user ada < token.txt",
  };
  addConnectionOptions(
    addCommand(program, environment, login, (invocation, [name]) =>
      logIn(invocation, name === undefined ? undefined : String(name)),
    ).addArgument(toArgument("name", "the name; else that of the host", { isOptional: true })),
  );

  const logout = { name: "logout", summary: "forget a stored gateway and its token", example: "goclaw logout work" };
  addCommand(program, environment, logout, async (invocation, [name]) => logOut(invocation, name)).addArgument(
    toArgument("name", "the name; else the one in use", { isOptional: true }),
  );

  const contexts = { name: "contexts", summary: "list the stored gateways", example: "goclaw contexts" };
  addOutputOptions(addCommand(program, environment, contexts, async (invocation) => listContexts(invocation)));

  const use = { name: "use", summary: "choose the gateway that commands call", example: "goclaw use work" };
  addCommand(program, environment, use, async (invocation, [name]) => {
    invocation.contexts.use(String(name));
    invocation.print(`Commands call ${safeLine(String(name))} now.`);
    return undefined;
  }).addArgument(toArgument("name", "the name that goclaw contexts shows"));
}

function logOut(invocation: Invocation, word: unknown): undefined {
  const name = word === undefined ? invocation.contexts.current : String(word);
  if (name === undefined) throw new UsageError("no stored gateway is in use: name the one to forget.");
  invocation.contexts.remove(name);
  invocation.print(`Forgot ${safeLine(name)}.`);
  return undefined;
}

const COLUMNS = [
  { title: "" },
  { title: "NAME", isWhole: true },
  { title: "ADDRESS" },
  { title: "USER" },
  { title: "TENANT" },
];

/** Tokens are not shown. */
function listContexts(invocation: Invocation): undefined {
  const all = invocation.contexts.list();
  const { json, quiet } = invocation.options;
  if (json) {
    const shown = all.map(({ token: _, isCurrent, ...stored }) => ({ ...stored, is_current: isCurrent }));
    invocation.print(safeJson(shown, 2));
  } else if (quiet) {
    invocation.print(...all.map(({ name }) => safeLine(name)));
  } else if (all.length === 0) {
    invocation.print("There are no stored gateways: commands call that of this machine. goclaw login adds one.");
  } else {
    const rows = all.map(({ isCurrent, name, url, user, tenant }) => [
      { text: isCurrent ? "→" : " " },
      ...[name, url, user, tenant].map((value) => toCell(value)),
    ]);
    invocation.print(...toTable(COLUMNS, rows, invocation.terminal.out));
  }
  return undefined;
}
