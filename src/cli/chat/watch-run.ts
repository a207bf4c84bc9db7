import { RunPrinter } from "#cli/chat/run-printer.ts";
import { CommandFailure } from "#cli/command-errors.ts";
import { EXIT } from "#cli/exit-codes.ts";
import type { Invocation, SharedOptions } from "#cli/invocation.ts";
import { safeJson } from "#cli/terminal/safe-text.ts";
import type { RunEvent } from "#client/index.ts";

export interface WatchOptions extends SharedOptions {
  readonly reasoning?: boolean;
}

/** Shows a run until its end. Returns the exit code. Throws `CommandFailure` if the run failed. */
export async function watchRun(runId: string, invocation: Invocation<WatchOptions>): Promise<number> {
  const { client, terminal, options } = invocation;
  const { json = false, quiet = false, reasoning = false } = options;
  const printer = new RunPrinter(terminal, { showsReasoning: reasoning, isQuiet: quiet });
  for await (const event of client.followRun(runId)) {
    if (json) invocation.print(safeJson(event));
    else printer.show(event);
    const exitCode = exitCodeOf(event);
    if (event.type === "run.cancelled" && !json) invocation.note(`The run was cancelled: ${event.reason}`);
    if (exitCode !== undefined) return exitCode;
  }
  throw new CommandFailure(`the run ${runId} has no end.`);
}

function exitCodeOf(event: RunEvent): number | undefined {
  if (event.type === "run.completed") return EXIT.ok;
  if (event.type === "run.cancelled") return EXIT.cancelled;
  if (event.type === "run.failed") throw new CommandFailure(`the run failed: ${event.error.message}`);
  return undefined;
}
