import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { Slug } from "#base/slug.ts";
import { Identity, UserId } from "#core/access/identity.ts";
import { ModelName, pageFields, SingleLine, searchField, Timestamp } from "#core/wire.ts";
import { AgentBags } from "#features/agents/agent-bags.ts";

const AGENT_STATUSES = ["active", "inactive", "summoning", "summon_failed"] as const;

const Key = Slug.describe(
  "Unique in the tenant; stands for the agent wherever its id is accepted. Only administrators give and take `default`",
);
const ProviderName = SingleLine.min(1).max(255).describe("Name of one of the tenant's providers");
const Model = ModelName.min(1).describe("The provider's name of the model");
const Status = z.enum(AGENT_STATUSES);
const Reference = z.string().describe("Id or key of the agent");
const Bag = z.record(z.string(), z.unknown()).optional();

/** An agent: a model with its own instructions, tools and memory. */
export const Agent = z
  .object({
    id: z.guid(),
    tenant_id: z.guid(),
    agent_key: Key,
    display_name: z.string().optional(),
    frontmatter: z.string().optional().describe("Its expertise in a few words"),
    owner_id: z.string().describe("The user who created it"),
    provider: z.string().describe("Name of a provider"),
    model: z.string(),
    context_window: z.int().describe("In tokens"),
    max_tool_iterations: z.int().describe("Model calls that one run may make"),
    workspace: z.string().describe("Directory of its files, below the tenant's workspace"),
    restrict_to_workspace: z.literal(true),
    agent_type: z.enum(["open", "predefined"]),
    is_default: z.boolean().describe("Serves calls that name no agent; open to every user of the tenant"),
    status: Status,
    budget_monthly_cents: z.int().optional().describe("In US cents; absent: no limit"),
    emoji: z.string(),
    agent_description: z.string(),
    thinking_level: z.string(),
    max_tokens: z.int().describe("Longest answer in tokens; 0 leaves it to the provider"),
    self_evolve: z.boolean(),
    skill_evolve: z.boolean(),
    skill_nudge_interval: z.int(),
    tools_config: Bag,
    sandbox_config: Bag,
    subagents_config: Bag,
    memory_config: Bag,
    compaction_config: Bag,
    context_pruning: Bag,
    other_config: Bag,
    reasoning_config: Bag,
    workspace_sharing: Bag,
    chatgpt_oauth_routing: Bag,
    model_fallback: Bag,
    shell_deny_groups: Bag,
    kg_dedup_config: Bag,
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "Agent" });
export type Agent = z.infer<typeof Agent>;

export const ListAgentsInput = z
  .object({
    q: searchField("the key, the name, the model, the provider or the owner"),
    limit: z.coerce
      .number()
      .int()
      .catch(LIMITS.agentsMax)
      .transform((limit) => (limit > 0 ? Math.min(limit, LIMITS.agentsMax) : LIMITS.agentsMax))
      .default(LIMITS.agentsMax)
      .describe(`At most ${LIMITS.agentsMax}, which is also the default`),
    offset: pageFields.offset,
  })
  .meta({ id: "ListAgentsInput" });
export type ListAgentsInput = z.infer<typeof ListAgentsInput>;

export const AgentPath = z.object({ id: Reference });
export const Done = z.object({ ok: z.literal("true") }).meta({ id: "AgentDone" });
export const DONE: z.output<typeof Done> = { ok: "true" };

/** The fields that creating and updating an agent share. Null means empty: "", 0, false or {}. */
const AgentFields = {
  display_name: SingleLine.max(255).nullish(),
  frontmatter: z.string().max(10_000).nullish(),
  agent_type: z.enum(["open", "predefined", ""]).nullish(),
  agent_description: z.string().max(100_000).nullish(),
  emoji: z.string().max(32).nullish(),
  thinking_level: z.enum(["", "off", "low", "medium", "high"]).nullish(),
  context_window: z.int().max(100_000_000).nullish().describe("In tokens; 0 or less: 200000"),
  max_tool_iterations: z.int().max(10_000).nullish().describe("0 or less: 30"),
  max_tokens: z.int().max(100_000_000).nullish().describe("In tokens; 0 leaves it to the provider"),
  skill_nudge_interval: z.int().max(1_000_000).nullish().describe("0 or less: 15"),
  workspace: SingleLine.max(500).nullish(),
  is_default: z.boolean().nullish().describe("For administrators; taken away from the agent that had it"),
  status: Status.nullish().describe("`active` or `inactive`; the other two are set by the gateway alone"),
  budget_monthly_cents: z.int().min(0).nullish().describe("In US cents; null: no limit"),
  self_evolve: z.boolean().nullish(),
  skill_evolve: z.boolean().nullish(),
  ...AgentBags,
};

export const CreateAgentInput = z
  .object({
    agent_key: Key,
    provider: ProviderName,
    model: Model,
    ...AgentFields,
    tenant_id: z.guid().nullish().describe("For owners of the gateway: the agent's tenant, instead of the caller's"),
  })
  .meta({ id: "CreateAgentInput" });
export type CreateAgentInput = z.infer<typeof CreateAgentInput>;

export const UpdateAgentInput = z
  .object({
    id: Reference,
    agent_key: Key.optional(),
    provider: ProviderName.optional(),
    model: Model.optional(),
    ...AgentFields,
  })
  .meta({ id: "UpdateAgentInput" });
export type UpdateAgentInput = z.infer<typeof UpdateAgentInput>;

/** The fields of a create or update request that describe the agent's settings. */
export type AgentFieldsInput = Pick<UpdateAgentInput, keyof typeof AgentFields>;

/** Another user's access to an agent. */
export const AgentShare = z
  .object({
    id: z.guid(),
    agent_id: z.guid(),
    user_id: z.string(),
    role: z.string(),
    granted_by: z.string(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "AgentShare" });
export type AgentShare = z.infer<typeof AgentShare>;

export const ShareAgentInput = z
  .object({
    id: Reference,
    user_id: UserId,
    role: z
      .string()
      .regex(/^[a-z_]{1,20}$/)
      .default("user"),
  })
  .meta({ id: "ShareAgentInput" });
export type ShareAgentInput = z.infer<typeof ShareAgentInput>;

export const AgentSharePath = z.object({ id: Reference, userID: Identity.describe("The other user's id") });
export type AgentSharePath = z.infer<typeof AgentSharePath>;
