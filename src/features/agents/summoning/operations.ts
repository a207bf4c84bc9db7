import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { agentRegenerated, agentResummoned, agentSummonCancelled } from "#features/agents/events.ts";
import { AgentPath } from "#features/agents/schema.ts";
import { cancelSummon } from "#features/agents/summoning/cancel-summon.ts";
import { regenerateAgent } from "#features/agents/summoning/regenerate-agent.ts";
import { resummonAgent } from "#features/agents/summoning/resummon-agent.ts";
import { FAILED, RegenerateInput, SUMMONING, SummonFailed, Summoning } from "#features/agents/summoning/schema.ts";

export const summonOperations = [
  defineOperation({
    name: "agents.regenerate",
    http: { method: "POST", path: "/v1/agents/{id}/regenerate", status: 202 },
    runsOnce: true,
    access: ACCESS.run,
    summary: "Let an agent's model change the files that describe the agent",
    description: "For the agent's owner. The status is `summoning` until the files are written, then `active`.",
    input: RegenerateInput,
    output: Summoning,
    errors: ["FAILED_PRECONDITION"],
    audit: agentRegenerated,
    example: { input: { prompt: "Make it shorter and friendlier" }, output: SUMMONING },
    run: regenerateAgent,
  }),
  defineOperation({
    name: "agents.resummon",
    http: { method: "POST", path: "/v1/agents/{id}/resummon", status: 202 },
    runsOnce: true,
    access: ACCESS.run,
    summary: "Let an agent's model write the agent's files from its description",
    description: "For the agent's owner. Files that somebody has written already stay as they are.",
    input: AgentPath,
    output: Summoning,
    errors: ["FAILED_PRECONDITION"],
    audit: agentResummoned,
    example: { output: SUMMONING },
    run: resummonAgent,
  }),
  defineOperation({
    name: "agents.cancel-summon",
    http: { method: "POST", path: "/v1/agents/{id}/cancel-summon", status: 202 },
    runsOnce: true,
    access: ACCESS.write,
    summary: "Stop the writing of an agent's files",
    description: "For the agent's owner. The agent keeps the files that it has.",
    input: AgentPath,
    output: SummonFailed,
    errors: ["FAILED_PRECONDITION"],
    audit: agentSummonCancelled,
    example: { output: FAILED },
    run: cancelSummon,
  }),
];
