import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { applySettings } from "#features/agents/agent-settings.ts";
import { CONTEXT_FILES } from "#features/agents/files/schema.ts";
import { UpdateAgentInput } from "#features/agents/schema.ts";
import type { StoredAgent } from "#features/agents/stored-agent.ts";

/** Settings of an agent that are not stored, with which one run tries it. What is left out is as stored. */
export const AgentDraft = UpdateAgentInput.pick({
  provider: true,
  model: true,
  thinking_level: true,
  max_tokens: true,
  max_tool_iterations: true,
  tools_config: true,
  model_fallback: true,
})
  .extend({
    files: z
      .partialRecord(z.enum(CONTEXT_FILES), z.string().max(LIMITS.agentFileChars))
      .optional()
      .describe("Files that say who the agent is, by name; in place of those that are stored"),
  })
  .meta({ id: "AgentDraft", description: "Settings of an agent that are not stored. What is left out is as stored" });
export type AgentDraft = z.infer<typeof AgentDraft>;

/** Returns the agent as it would be if the draft were stored, without its files. */
export const withDraft = (agent: StoredAgent, draft: AgentDraft): StoredAgent => ({
  ...agent,
  provider: draft.provider ?? agent.provider,
  model: draft.model ?? agent.model,
  settings: applySettings(agent.settings, draft),
});
