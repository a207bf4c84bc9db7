import { z } from "zod";
import { DAY, HOUR, toTimestamp } from "#base/clock.ts";
import { idsAround } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { ACCESS, hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { defineOperation } from "#core/operation.ts";
import { channelSettings } from "#features/channels/live/channel-services.ts";
import { summariseUsage } from "#features/usage/index.ts";

const Count = z.object({ used: z.int(), limit: z.int().describe("0: no limit") });
const QuotaUsage = z.object({
  enabled: z.boolean(),
  requestsToday: z.int(),
  inputTokensToday: z.int(),
  outputTokensToday: z.int(),
  costToday: z.number(),
  uniqueUsersToday: z.int(),
  entries: z.array(z.object({ userId: z.string(), hour: Count, day: Count, week: Count })),
});

export const quotaOperations = [
  defineOperation({
    name: "channels.quota",
    access: ACCESS.read,
    summary: "Show how much of their quota users have used",
    description: "The users with the most requests of the last week. Those who are no administrators see themselves.",
    input: z.object({}),
    output: QuotaUsage,
    run: readQuota,
  }),
];

async function readQuota(ctx: Context): Promise<z.input<typeof QuotaUsage>> {
  const { quota } = ctx.use(channelSettings).limits();
  const now = ctx.clock.now().getTime();
  const since = (milliseconds: number) => toTimestamp(new Date(now - milliseconds));
  const week = new Date(now - 7 * DAY);
  const [{ current }, rows] = await Promise.all([
    summariseUsage(ctx, { period: "today" }),
    ctx.db.reports
      .selectFrom("runs")
      .select(({ fn, eb }) => [
        "user_id",
        fn.sum<number>(eb.case().when("created_at", ">", since(HOUR)).then(1).else(0).end()).as("hour"),
        fn.sum<number>(eb.case().when("created_at", ">", since(DAY)).then(1).else(0).end()).as("day"),
        fn.countAll<number>().as("week"),
      ])
      .where("id", ">", idsAround(week).lowest)
      .where("created_at", ">", toTimestamp(week))
      .where("parent_run_id", "is", null)
      .$if(!hasRole(ctx, "admin"), (query) => query.where("user_id", "=", ctx.userId))
      .groupBy("user_id")
      .orderBy("week", "desc")
      .limit(LIMITS.listMax)
      .execute(),
  ]);
  return {
    enabled: quota.hour > 0 || quota.day > 0 || quota.week > 0,
    requestsToday: current.requests,
    inputTokensToday: current.input_tokens,
    outputTokensToday: current.output_tokens,
    costToday: current.cost,
    uniqueUsersToday: current.unique_users,
    entries: rows.map(({ user_id: userId, ...used }) => ({
      userId,
      hour: { used: Number(used.hour), limit: quota.hour },
      day: { used: Number(used.day), limit: quota.day },
      week: { used: Number(used.week), limit: quota.week },
    })),
  };
}
