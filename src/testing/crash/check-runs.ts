import { textOf } from "#runtime/transcript/index.ts";
import type { Ledger, LedgerEntry } from "#testing/crash/ledger.ts";
import type { Records, RunRecord } from "#testing/crash/read-records.ts";

const TERMINAL = ["run.completed", "run.failed", "run.cancelled"];
const MAX_DEAD_ATTEMPTS = 3;

/** Returns the problems with the runs and with the answers that clients received about them. */
export function checkRuns(records: Records, ledger: Ledger): readonly string[] {
  return [
    ...records.runs.flatMap((run) =>
      [...checkEvents(run), ...checkEnd(run, ledger)].map((what) => `${run.id}: ${what}`),
    ),
    ...ledger.entries.flatMap((entry) => checkEntry(entry, records).map((what) => `${entry.plan.id}: ${what}`)),
  ];
}

function checkEvents({ events, last_seq, attempt, status }: RunRecord): readonly string[] {
  const types = events.map(({ type }) => type);
  const ends = types.filter((type) => TERMINAL.includes(type));
  return [
    ...(events.some(({ seq }, index) => seq !== index + 1) ? ["its events have gaps"] : []),
    ...(last_seq === events.length ? [] : [`it has ${events.length} events and counts ${last_seq}`]),
    ...(ends.length === 1 && types.at(-1) === `run.${status}` ? [] : [`is ${status} and its ends are [${ends}]`]),
    ...(types.filter((type) => type === "run.started").length === attempt ? [] : ["its attempts are not told"]),
    ...checkMessages(events),
  ];
}

/** Checks that each message is completed or reset before the next one begins. */
function checkMessages(events: RunRecord["events"]): readonly string[] {
  let open: string | undefined;
  const problems: string[] = [];
  for (const { type, messageId, message } of events) {
    if (type === "message.started") {
      if (open !== undefined) problems.push(`message ${open} was neither completed nor taken back`);
      open = messageId;
    }
    if (type === "message.reset" && messageId !== open) problems.push("a message was taken back that was not open");
    if (type === "message.completed" && message?.id !== open)
      problems.push("a message was completed that was not open");
    if (type === "message.reset" || type === "message.completed") open = undefined;
  }
  return problems;
}

function checkEnd(run: RunRecord, { kills, entries }: Ledger): readonly string[] {
  const entry = entries.find(({ plan }) => plan.id === run.mark);
  const killsDuring = kills.filter(
    (at) => at.toISOString() >= run.created_at && at.toISOString() <= (run.ended_at ?? ""),
  );
  if (run.status === "completed") return [];
  // A run whose caller got an error because of a fault is cancelled, as the caller may send it again.
  if (run.status === "cancelled")
    return entry?.hasDisconnected || !entry?.isAcknowledged ? [] : ["was cancelled by nobody"];
  switch (run.api.error?.details?.reason) {
    case "interrupted":
      return entry?.mode === "plain" && killsDuring.length > 0 ? [] : [`was interrupted as ${entry?.mode}`];
    case "crashed":
      return run.deaths >= MAX_DEAD_ATTEMPTS &&
        run.attempt > MAX_DEAD_ATTEMPTS &&
        killsDuring.length >= MAX_DEAD_ATTEMPTS
        ? []
        : [`crashed after ${run.attempt} attempts, ${run.deaths} deaths and ${killsDuring.length} kills`];
    default:
      return [`is ${run.status} with ${JSON.stringify(run.api.error)}`];
  }
}

function checkEntry(entry: LedgerEntry, { runs, messages }: Records): readonly string[] {
  const own = runs.filter(({ mark }) => mark === entry.plan.id);
  const [run] = own;
  if (own.length > 1 || entry.runIds.size > 1) return [`has the runs ${own.map(({ id }) => id)}`];
  if (!run) return entry.isAcknowledged ? ["was acknowledged and is lost"] : [];
  if (entry.runIds.size === 1 && !entry.runIds.has(run.id)) return [`was told run ${[...entry.runIds]}`];

  const isKeyedChat = entry.mode === "keyed";
  if (isKeyedChat && entry.answer === undefined && entry.errorCode === undefined) return ["got no outcome"];
  const texts = messages
    .filter(({ role, run_id, is_complete }) => role === "assistant" && run_id === run.id && is_complete)
    .toSorted((a, b) => a.depth - b.depth)
    .map(({ parts }) => textOf(parts));
  if (entry.answer !== undefined && run.status !== "completed") return [`was answered, and its run is ${run.status}`];
  if (entry.answer !== undefined && entry.answer !== texts.join("\n\n")) return ["was answered with another text"];
  if (entry.errorCode !== undefined && run.api.error?.code !== entry.errorCode) {
    return [`was told ${entry.errorCode}, and its run has ${run.api.error?.code}`];
  }
  const isLast = run.status !== "completed" || run.api.output === texts.at(-1);
  return isLast ? [] : ["its output is not its last text"];
}
