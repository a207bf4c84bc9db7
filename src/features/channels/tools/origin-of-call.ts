import type { ChannelOrigin } from "#features/channels/outbound/channel-origin.ts";
import { findOrigin } from "#features/channels/outbound/create-reply-observer.ts";
import type { ToolEnvironment } from "#runtime/tools/index.ts";

/** Returns the chat in which the run of a call answers, or undefined if it answers in none. */
export async function originOfCall({
  db,
  call,
}: Pick<ToolEnvironment, "db" | "call">): Promise<ChannelOrigin | undefined> {
  const run =
    call &&
    (await db.read
      .selectFrom("runs")
      .select(["kind", "session_id", "metadata"])
      .where("id", "=", call.runId)
      .executeTakeFirst());
  return run && (run.kind === "channel" || run.kind === "announce") ? findOrigin(db.read, run) : undefined;
}
