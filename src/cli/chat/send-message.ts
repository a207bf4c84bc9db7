import { withInterrupts } from "#cli/chat/interrupts.ts";
import { uploadFiles } from "#cli/chat/upload-files.ts";
import { type RunEnd, type WatchOptions, watchRun } from "#cli/chat/watch-run.ts";
import type { Invocation } from "#cli/invocation.ts";
import { safeJson } from "#cli/terminal/safe-text.ts";

export interface Message {
  /** Key or id. */
  readonly agent: string;
  readonly text: string;
  /** The session to continue; else a new one begins. */
  readonly session: string | undefined;
  /** Paths of files of this machine. */
  readonly files: readonly string[];
}

export interface Reply {
  readonly end: RunEnd;
  readonly session: string;
}

/** Sends a message and shows the answer. Ctrl-C cancels the run, and a second one leaves it to itself. */
export async function sendMessage(
  { agent, text, session, files }: Message,
  invocation: Invocation<WatchOptions>,
): Promise<Reply> {
  const { client, options } = invocation;
  let runId: string | undefined;
  let isCancelled = false;
  const cancel = () => {
    isCancelled = true;
    if (runId === undefined) return;
    invocation.note("Stopping. Ctrl-C again leaves the run to itself.");
    client
      .call("runs.cancel", { id: runId })
      .catch((thrown: unknown) => invocation.note(`It goes on: ${String(thrown)}`));
  };
  return withInterrupts(cancel, async () => {
    const attachments = await uploadFiles(files, client);
    const run = await client.call("runs.start", {
      id: agent,
      input: text,
      ...(session !== undefined && { session_key: session }),
      ...(attachments.length > 0 && { attachments }),
    });
    runId = run.id;
    if (options.json) invocation.print(safeJson({ type: "run", run }));
    if (isCancelled) cancel();
    return { end: await watchRun(run.id, invocation), session: run.session_key };
  });
}
