import { requireWholeTurns, textOf, toolCallsOf } from "#runtime/transcript/index.ts";
import type { Ledger } from "#testing/crash/ledger.ts";
import { type TurnPlan, toPrompt } from "#testing/crash/planned-model.ts";
import type { Records, RunRecord } from "#testing/crash/read-records.ts";

type SessionRecord = Records["sessions"][number];
type MessageRecord = Records["messages"][number];

/** Returns the problems with the transcripts, including acknowledged messages that are missing or repeated. */
export function checkTranscripts(records: Records, ledger: Ledger): readonly string[] {
  const paths = new Map<string, readonly MessageRecord[]>();
  const problems: string[] = [];
  for (const session of records.sessions) {
    const own = records.messages.filter(({ session_id }) => session_id === session.id);
    const path = pathTo(session.head_id, own);
    paths.set(session.id, path);
    problems.push(...checkPath(session, path, own).map((what) => `session ${session.key}: ${what}`));
  }
  for (const { plan, isAcknowledged } of ledger.entries) {
    const run = records.runs.find(({ mark }) => mark === plan.id);
    if (!run) continue;
    const count = countPrompt(paths.get(run.session_id) ?? [], plan);
    const minimum = isAcknowledged && !mayLackPrompt(run) ? 1 : 0;
    if (count < minimum || count > 1) problems.push(`${plan.id}: is ${count} times in its transcript (${run.status})`);
  }
  return problems;
}

/**
 * Returns whether the run's prompt may be missing: a run that is cancelled while it waits for its session stores no
 * prompt.
 */
const mayLackPrompt = ({ status, events }: RunRecord) =>
  status === "cancelled" && !events.some(({ type }) => type === "message.started");

const countPrompt = (path: readonly MessageRecord[], plan: TurnPlan) =>
  path.filter(({ role, parts }) => role === "user" && textOf(parts) === toPrompt(plan)).length;

function pathTo(head: string | null, messages: readonly MessageRecord[]): readonly MessageRecord[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: MessageRecord[] = [];
  for (let at = byId.get(head ?? ""); at; at = byId.get(at.parent_id ?? "")) path.unshift(at);
  return path;
}

function checkPath(session: SessionRecord, path: readonly MessageRecord[], own: readonly MessageRecord[]) {
  const problems: string[] = [];
  if (session.active_run_id !== null) problems.push("is still held by a run");
  if (path.length !== own.length) problems.push(`${own.length - path.length} of its messages are orphans`);
  if (session.message_count !== path.length)
    problems.push(`counts ${session.message_count} messages of ${path.length}`);
  if (path.some(({ depth }, index) => depth !== index)) problems.push("its messages have gaps");
  try {
    requireWholeTurns([], path);
  } catch (thrown) {
    problems.push(`its turns are not whole: ${String(thrown)}`);
  }
  const ids = path.flatMap(({ parts }) => toolCallsOf(parts).map(({ id }) => id));
  if (new Set(ids).size !== ids.length) problems.push("a call is in it twice");
  return problems;
}
