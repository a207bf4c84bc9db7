import { Interrupted } from "#cli/command-errors.ts";
import { EXIT } from "#cli/exit-codes.ts";
import { explainFailure } from "#cli/explain-failure.ts";
import type { Invocation } from "#cli/invocation.ts";
import { safeText } from "#cli/terminal/safe-text.ts";

/** Runs a command. Explains what it throws on the standard error, and sets the exit code. */
export async function runGuarded(invocation: Invocation, run: () => Promise<number | undefined>): Promise<void> {
  try {
    const exitCode = await run();
    if (exitCode !== undefined) process.exitCode = exitCode;
  } catch (thrown) {
    if (thrown instanceof Interrupted) {
      invocation.terminal.err.write("\n");
      process.exitCode = EXIT.cancelled;
      return;
    }
    const explanation = explainFailure(thrown, invocation.knownTarget);
    if (!explanation) throw thrown;
    const { err } = invocation.terminal;
    const { sentence, advice, requestId, exitCode } = explanation;
    err.write(`${err.paint("red", "goclaw:")} ${safeText(sentence)}\n`);
    if (advice !== undefined) err.write(`  ${safeText(advice)}\n`);
    if (requestId !== undefined) err.write(`  ${err.paint("dim", `request ${safeText(requestId)}`)}\n`);
    process.exitCode = exitCode;
  }
}
