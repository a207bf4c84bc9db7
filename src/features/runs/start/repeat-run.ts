import { failedPrecondition } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { Reply } from "#core/reply.ts";
import { fromJson } from "#db/values.ts";
import { accessorOf, getOwnedAgent, resolveRunAgent } from "#features/agents/index.ts";
import { getRunRow, toRun } from "#features/runs/repository.ts";
import type { RunRef } from "#features/runs/schema.ts";
import { branchKeyOf } from "#features/sessions/index.ts";
import { runEngine } from "#runtime/engine/index.ts";
import type { Run, RunOptions, RunRow } from "#runtime/runs/index.ts";
import { type Message, readMessages } from "#runtime/transcript/index.ts";

/**
 * Starts a run that has ended once more: with the same input and settings, after the same messages. It gets a session
 * of its own, so the conversation of the first stays as it is. Throws FAILED_PRECONDITION if the run goes on or if its
 * input was deleted.
 */
export async function repeatRun(ctx: Context, { id }: RunRef): Promise<Reply<Run>> {
  const row = await getRunRow(ctx, id);
  if (row.ended_at === null) throw failedPrecondition("error.run_open", { id }, "run_open");
  const input = await getInput(ctx, row);
  const agent = await resolveRunAgent(ctx, row.agent_id);
  const options = fromJson<RunOptions>(row.options);
  if (options.draft) await getOwnedAgent(ctx, agent.id, "try a draft of an agent");
  const { runId } = await ctx.use(runEngine).accept(ctx, {
    agent: { id: agent.id, key: agent.key },
    session: {
      key: (suffix) => toKey(row.session_key, agent.key, suffix),
      agentId: agent.id,
      agentKey: agent.key,
      userId: row.user_id,
      channel: "api",
      mayUseAny: hasRole(ctx, "admin"),
      branchFrom: input.parent_id ?? undefined,
    },
    kind: "api",
    isAttached: false,
    onBusy: "queue",
    messages: [{ role: input.role, parts: input.parts }],
    options: { ...options, accessor: accessorOf(ctx) },
    metadata: fromJson<Record<string, unknown>>(row.metadata),
  });
  return new Reply(await toRun(ctx, await getRunRow(ctx, runId)), { Location: `/v1/runs/${runId}` });
}

async function getInput(ctx: Context, { id, input_message_id }: RunRow): Promise<Message> {
  const [input] = await readMessages(ctx.db.read, input_message_id === null ? [] : [input_message_id]);
  if (!input) throw failedPrecondition("error.run_input_gone", { id }, "input_gone");
  return input;
}

/** A key that leaves no room for that of a branch gives way to one of the agent. */
function toKey(sessionKey: string, agentKey: string, suffix: string): string {
  const key = branchKeyOf(sessionKey, suffix);
  return Buffer.byteLength(key) <= LIMITS.sessionKeyBytes ? key : `agent:${agentKey}:api-${suffix}`;
}
