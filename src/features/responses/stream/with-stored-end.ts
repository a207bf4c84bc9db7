import type { Context } from "#core/context.ts";
import { fromJson } from "#db/values.ts";
import {
  type FollowedEvent,
  isTerminal,
  type RunError,
  type RunEvent,
  type RunFinish,
  type RunRow,
  type Usage,
} from "#runtime/runs/index.ts";
import { type Message, readMessagesOfRuns, textOf } from "#runtime/transcript/index.ts";

/**
 * Passes on the events of a run. Those of an old run are deleted before its texts are, so the missing ones are made of
 * what is stored.
 */
export async function* withStoredEnd(
  { db }: Context,
  runId: string,
  events: AsyncIterable<FollowedEvent>,
): AsyncGenerator<FollowedEvent> {
  for await (const followed of events) {
    yield followed;
    if (isTerminal(followed.event)) return;
  }
  const run = await db.read.selectFrom("runs").selectAll().where("id", "=", runId).executeTakeFirst();
  if (!run) return;
  const written = await readMessagesOfRuns(db.read, [runId]);
  const answers = written.filter(({ role }) => role === "assistant");
  const made = [{ type: "run.queued" as const }, { type: "run.started" as const, attempt: run.attempt }];
  // The first event of a run has the number 1. A text bears the number of the event that began its message.
  for (const [index, event] of [...made, ...answers.flatMap(toEvents), toEnd(run)].entries()) {
    yield { event: { ...event, seq: index + 1 }, cursor: "" };
  }
}

function toEvents(message: Message): readonly RunEvent[] {
  const text = textOf(message.parts);
  const completed = { type: "message.completed" as const, message };
  return text === "" ? [completed] : [{ type: "text.delta", messageId: message.id, offset: 0, text }, completed];
}

function toEnd(run: RunRow): RunEvent {
  const usage = fromJson<Usage>(run.usage);
  switch (run.status) {
    case "failed":
      return { type: "run.failed", error: fromJson<RunError>(run.error ?? "{}"), usage };
    case "cancelled":
      return { type: "run.cancelled", reason: run.cancel_reason ?? "", usage };
    default:
      return { type: "run.completed", finish: (run.finish ?? "stop") as RunFinish, usage };
  }
}
