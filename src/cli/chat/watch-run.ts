import { RunPrinter } from "#cli/chat/run-printer.ts";
import { CommandFailure } from "#cli/command-errors.ts";
import { EXIT } from "#cli/exit-codes.ts";
import type { Invocation, SharedOptions } from "#cli/invocation.ts";
import { safeJson } from "#cli/terminal/safe-text.ts";
import type { RunEvent } from "#client/index.ts";

export interface WatchOptions extends SharedOptions {
  readonly reasoning?: boolean;
}

/** How a run ended. */
export type RunEnd =
  | { readonly kind: "completed" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly sentence: string };

/** Shows a run until its end. */
export async function watchRun(runId: string, invocation: Invocation<WatchOptions>): Promise<RunEnd> {
  const { client, terminal, options } = invocation;
  const { json = false, quiet = false, reasoning = false } = options;
  const printer = new RunPrinter(terminal, { showsReasoning: reasoning, isQuiet: quiet });
  for await (const event of client.followRun(runId)) {
    if (json) invocation.print(safeJson(event));
    else printer.show(event);
    if (event.type === "run.cancelled" && !json) invocation.note(`The run was cancelled: ${event.reason}`);
    const end = endOf(event);
    if (end) return end;
  }
  throw new CommandFailure(`the run ${runId} has no end.`);
}

/** Returns the exit code of a command that showed a run. Throws `CommandFailure` if the run failed. */
export function toExitCode(end: RunEnd): number {
  if (end.kind === "failed") throw new CommandFailure(end.sentence);
  return end.kind === "cancelled" ? EXIT.cancelled : EXIT.ok;
}

function endOf(event: RunEvent): RunEnd | undefined {
  if (event.type === "run.completed") return { kind: "completed" };
  if (event.type === "run.cancelled") return { kind: "cancelled" };
  if (event.type === "run.failed") return { kind: "failed", sentence: `the run failed: ${event.error.message}` };
  return undefined;
}
