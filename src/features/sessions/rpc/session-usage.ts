import { z } from "zod";
import { ACCESS, hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { defineOperation } from "#core/operation.ts";
import { pageFields, pageOf } from "#core/wire.ts";
import { findAgent, findAgentsById } from "#features/agents/index.ts";

const Record = z
  .object({
    agentId: z.string(),
    sessionKey: z.string(),
    model: z.string(),
    provider: z.string(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    totalTokens: z.int(),
    timestamp: z.int().describe("Milliseconds since 1970"),
  })
  .meta({ id: "SessionUsage" });

const Sum = z.object({ inputTokens: z.int(), outputTokens: z.int(), totalTokens: z.int(), sessions: z.int() });

/** The tokens of sessions, for clients that count by sessions rather than by runs. */
export const sessionUsageOperations = [
  defineOperation({
    name: "sessions.usage",
    access: ACCESS.read,
    summary: "List what sessions used, the latest used first",
    description: "Administrators see every session of their tenant, others their own.",
    input: z.object({ agent_id: z.string().min(1).optional().describe("Id or key"), ...pageFields }),
    output: pageOf("records", Record).meta({ id: "SessionUsagePage" }),
    run: async (ctx, { agent_id, limit, offset }) => {
      const agent = agent_id === undefined ? undefined : await findAgent(ctx.db.read, agent_id);
      if (agent_id !== undefined && !agent) return { records: [], total: 0, limit, offset };
      const matching = usedSessions(ctx).$if(agent !== undefined, (query) =>
        query.where("agent_id", "=", agent?.id ?? ""),
      );
      const [rows, { total }] = await Promise.all([
        matching.selectAll().orderBy("updated_at", "desc").orderBy("id", "desc").limit(limit).offset(offset).execute(),
        matching.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
      ]);
      const agents = await findAgentsById(ctx.db.read, [...new Set(rows.map((row) => row.agent_id))]);
      const records = rows.map((row) => ({
        agentId: agents.get(row.agent_id)?.key ?? row.agent_id,
        sessionKey: row.key,
        model: agents.get(row.agent_id)?.model ?? "",
        provider: agents.get(row.agent_id)?.provider ?? "",
        inputTokens: row.input_tokens,
        outputTokens: row.output_tokens,
        totalTokens: row.input_tokens + row.output_tokens,
        timestamp: Date.parse(row.updated_at),
      }));
      return { records, total: Number(total), limit, offset };
    },
  }),
  defineOperation({
    name: "sessions.usage-by-agent",
    access: ACCESS.read,
    summary: "Sum up what the sessions of each agent used",
    description: "Administrators see every session of their tenant, others their own.",
    input: z.object({}),
    output: z.object({ byAgent: z.record(z.string(), Sum), totalRecords: z.int() }),
    run: async (ctx) => {
      const rows = await usedSessions(ctx, ctx.db.reports)
        .select(({ fn }) => [
          "agent_id",
          fn.sum<number>("input_tokens").as("input"),
          fn.sum<number>("output_tokens").as("output"),
          fn.countAll<number>().as("sessions"),
        ])
        .groupBy("agent_id")
        .execute();
      const agents = await findAgentsById(
        ctx.db.read,
        rows.map((row) => row.agent_id),
      );
      const sums = rows.map((row) => {
        const [inputTokens, outputTokens, sessions] = [Number(row.input), Number(row.output), Number(row.sessions)];
        const sum = { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, sessions };
        return [agents.get(row.agent_id)?.key ?? row.agent_id, sum] as const;
      });
      return {
        byAgent: Object.fromEntries(sums),
        totalRecords: sums.reduce((count, [, { sessions }]) => count + sessions, 0),
      };
    },
  }),
];

/** Selects the sessions that the caller may see and that used tokens. */
const usedSessions = (ctx: Context, queries = ctx.db.read) =>
  queries
    .selectFrom("sessions")
    .$if(!hasRole(ctx, "admin"), (query) => query.where("user_id", "=", ctx.userId))
    .where(({ eb }) => eb(eb("input_tokens", "+", eb.ref("output_tokens")), ">", 0));
