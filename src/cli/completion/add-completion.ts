import type { Command } from "commander";
import { ownValue } from "#base/json.ts";
import { UsageError } from "#cli/command-errors.ts";
import { listCompletions } from "#cli/completion/list-completions.ts";
import { SCRIPTS } from "#cli/completion/scripts.ts";
import { addCommand, toArgument } from "#cli/gateway-command.ts";
import type { CommandEnvironment } from "#cli/invocation.ts";

/** Adds `goclaw completion`. */
export function addCompletion(program: Command, environment: CommandEnvironment): void {
  const text = {
    name: "completion",
    summary: "print a script that completes commands in a shell",
    example: "goclaw completion bash > ~/.local/share/bash-completion/completions/goclaw",
  };
  addCommand(program, environment, text, async (invocation, [shell]) => {
    const toScript = ownValue(SCRIPTS, String(shell));
    if (!toScript) throw new UsageError("write bash, zsh or fish.");
    invocation.terminal.out.write(toScript(listCompletions(program)));
    return undefined;
  }).addArgument(toArgument("shell", "bash, zsh or fish").choices(Object.keys(SCRIPTS)));
}
