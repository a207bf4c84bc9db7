import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { AgentPath } from "#features/agents/schema.ts";

export const RegenerateInput = AgentPath.extend({
  prompt: z
    .string()
    .max(LIMITS.summonWishChars)
    .optional()
    .describe("How the agent is to change; without it, its files are written anew from its description"),
}).meta({ id: "RegenerateInput" });
export type RegenerateInput = z.infer<typeof RegenerateInput>;

const summonOf = <const Status extends string>(status: Status) =>
  z.object({ ok: z.literal("true"), status: z.literal(status) });

export const Summoning = summonOf("summoning").meta({ id: "AgentSummoning" });
export const SummonFailed = summonOf("summon_failed").meta({ id: "AgentSummonFailed" });
export const SUMMONING = { ok: "true", status: "summoning" } as const;
export const FAILED = { ok: "true", status: "summon_failed" } as const;
