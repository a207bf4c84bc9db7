import { toTimestamp } from "#base/clock.ts";
import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { toRunError } from "#runtime/model-calls/index.ts";
import { summarise, summaryServices } from "#runtime/prompt/index.ts";
import { agentSource, insertUsage, NO_RUN, toAppError, type UsageRecord } from "#runtime/runs/index.ts";
import type { Message } from "#runtime/transcript/index.ts";
import { growSession, type SessionRow } from "#runtime/transcript/index.ts";

/**
 * Lets the session's agent summarise messages. Records the token usage also if there is no summary, and then throws.
 */
export async function summariseSession(
  ctx: Context,
  session: SessionRow,
  messages: readonly Message[],
): Promise<string> {
  const agent = await ctx.use(agentSource).load(ctx.db, session.agent_id);
  if (!agent) throw notFound("agent", session.agent_id);
  const caller = { db: ctx.db, agent, userId: session.user_id };
  const { text, error, usage } = await summarise(
    ctx.use(summaryServices),
    caller,
    { sessionId: session.id, messages },
    ctx.signal,
  );
  await recordUsage(ctx, session, usage);
  if (text === undefined) throw toAppError(toRunError(error ?? { kind: "unknown", message: "" }, agent), ctx);
  return text;
}

async function recordUsage(ctx: Context, { id }: SessionRow, records: readonly UsageRecord[]): Promise<void> {
  if (records.length === 0) return;
  const now = toTimestamp(ctx.clock.now());
  await ctx.db.write(async (queries) => {
    for (const record of records) {
      await insertUsage(queries, NO_RUN, id, record, now);
      const tokens = { inputTokens: record.usage.input_tokens, outputTokens: record.usage.output_tokens };
      await growSession(queries, id, { messages: [], ...tokens }, now);
    }
  });
}
