import { toTimestamp } from "#base/clock.ts";
import { AppError, invalidField } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { randomHex } from "#base/random-hex.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { sessionBranched } from "#features/sessions/events.ts";
import { describeSession, lockSessionRow } from "#features/sessions/repository.ts";
import type { BranchSessionInput, Session } from "#features/sessions/schema.ts";
import {
  applySummary,
  insertBranch,
  type Message,
  openCallsOf,
  readTranscript,
  type SessionRow,
  textBytesOf,
} from "#runtime/transcript/index.ts";

/** Creates a session that continues from a message of another session. Both share all messages up to that one. */
export async function branchSession(ctx: Context, { key, message_id, label }: BranchSessionInput): Promise<Session> {
  return mutate(ctx, sessionBranched, async (queries) => {
    const source = await lockSessionRow(ctx, queries, key);
    const transcript = await readTranscript(queries, source.head_id);
    const shared = transcript.slice(0, transcript.findIndex(({ id }) => id === message_id) + 1);
    if (shared.length === 0) throw invalidField("message_id", message_id);
    requireAnswered(shared);

    const branch = toBranch(source, shared, label ?? source.label, toTimestamp(ctx.clock.now()));
    await insertBranch(queries, branch);
    const details = { key: branch.key, from: key, message_id };
    return { entityId: branch.id, userId: branch.user_id, value: await describeSession(queries, branch), details };
  });
}

/** Throws if the branch would begin between a tool call and its result. */
function requireAnswered(shared: readonly Message[]): void {
  const [open] = openCallsOf(shared);
  if (!open) return;
  throw new AppError("INVALID_REQUEST", "error.missing_tool_result", { id: open.id }, { field: "message_id" });
}

/** The branch keeps the source's summary only if it contains every message that the summary covers. */
function toBranch(source: SessionRow, shared: readonly Message[], label: string, now: string): SessionRow {
  const isSummarised = shared.some(({ id }) => id === source.summary_until_id);
  const summary = isSummarised
    ? { summary: source.summary, summary_until_id: source.summary_until_id, compaction_count: source.compaction_count }
    : { summary: "", summary_until_id: null, compaction_count: 0 };
  return {
    id: newId(),
    key: requireShortKey(branchKeyOf(source.key, randomHex(4))),
    is_named: 1,
    agent_id: source.agent_id,
    user_id: source.user_id,
    channel: source.channel,
    label,
    metadata: source.metadata,
    head_id: shared.at(-1)?.id ?? null,
    active_run_id: null,
    ...summary,
    message_count: shared.length,
    text_bytes: textBytesOf(applySummary(shared, summary)),
    input_tokens: 0,
    output_tokens: 0,
    created_at: now,
    updated_at: now,
  };
}

/** Returns the key of a branch. It begins like that of its session, which is how versions of a message are found. */
export const branchKeyOf = (key: string, suffix: string): string => `${key}:branch-${suffix}`;

function requireShortKey(key: string): string {
  if (Buffer.byteLength(key) > LIMITS.sessionKeyBytes) throw invalidField("key", `> ${LIMITS.sessionKeyBytes} bytes`);
  return key;
}
