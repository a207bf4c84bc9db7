import type { Command } from "commander";
import { toExitCode, type WatchOptions, watchRun } from "#cli/chat/watch-run.ts";
import { addGatewayCommand, toArgument } from "#cli/gateway-command.ts";
import type { CommandEnvironment } from "#cli/invocation.ts";

/** Adds `goclaw runs follow`. Ctrl-C ends the following, and not the run. */
export function addFollow(program: Command, environment: CommandEnvironment): void {
  const runs = program.commands.find((command) => command.name() === "runs") ?? program;
  const text = {
    name: "follow",
    summary: "show a run from its beginning to its end; Ctrl-C leaves it to itself",
    example: "goclaw runs follow $(goclaw runs start default Count to ten --quiet)",
  };
  addGatewayCommand<WatchOptions>(runs, environment, text, async (invocation, [word]) => {
    // The stream waits for a gateway that is away. This call says at once that it is, or that there is no such run.
    const { id } = await invocation.client.call("runs.get", { id: String(word) });
    return toExitCode(await watchRun(id, invocation));
  })
    .addArgument(toArgument("run", "its id"))
    .option("--reasoning", "show what the model thinks, where it says so");
}
