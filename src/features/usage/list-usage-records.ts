import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { jsonText } from "#db/expressions/json-text.ts";
import type { UsageRecord } from "#features/usage/schema.ts";
import type { FactFilter, UsageWindow } from "#runtime/usage/index.ts";

interface UsageRecordPage {
  readonly records: readonly UsageRecord[];
  readonly total: number;
}

/** Lists the ended runs that used tokens, newest first. */
export async function listUsageRecords(
  ctx: Context,
  { from, to }: UsageWindow,
  { agent_id, provider, model, channel, user_id }: FactFilter,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<UsageRecordPage> {
  const { reports } = ctx.db;
  const answeredBy = (key: "provider" | "model") => jsonText(reports.dialect, "answered_by", key);
  const runs = reports
    .selectFrom("runs")
    .where(({ or, eb }) => or([eb("input_tokens", ">", 0), eb("output_tokens", ">", 0)]))
    .where("created_at", ">=", toTimestamp(from))
    .where("created_at", "<", toTimestamp(to))
    .$if(agent_id !== undefined, (query) => query.where("agent_id", "=", agent_id ?? ""))
    .$if(user_id !== undefined, (query) => query.where("user_id", "=", user_id ?? ""))
    .$if(channel !== undefined, (query) => query.where("channel", "=", channel ?? ""))
    .$if(provider !== undefined, (query) => query.where(answeredBy("provider"), "=", provider ?? ""))
    .$if(model !== undefined, (query) => query.where(answeredBy("model"), "=", model ?? ""));
  const [rows, counted] = await Promise.all([
    runs
      .select(["agent_key", "session_key", "input_tokens", "output_tokens", "created_at"])
      .select([answeredBy("provider").as("provider"), answeredBy("model").as("model")])
      .orderBy("id", "desc")
      .limit(limit)
      .offset(offset)
      .execute(),
    reports
      .selectFromQuery(runs.select("id").limit(LIMITS.tracesCounted))
      .select(({ fn }) => fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow(),
  ]);
  const records = rows.map(({ agent_key, created_at, input_tokens, output_tokens, ...row }) => ({
    ...row,
    agent_id: agent_key,
    input_tokens: Number(input_tokens),
    output_tokens: Number(output_tokens),
    total_tokens: Number(input_tokens) + Number(output_tokens),
    timestamp: Date.parse(created_at),
  }));
  return { records, total: Number(counted.total) };
}
