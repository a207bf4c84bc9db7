import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { withinBytes } from "#core/free-form.ts";
import { ModelName, SingleLine } from "#core/wire.ts";
import { OnBusy } from "#runtime/runs/index.ts";
import { TOOL_PROFILES } from "#runtime/tools/index.ts";

const Texts = z.array(z.string().max(255)).max(500);
const Bag = z.record(z.string(), z.unknown());

const ToolRules = {
  profile: z
    .enum([...TOOL_PROFILES, ""])
    .optional()
    .describe("Empty: the operator's"),
  allow: Texts.optional(),
  deny: Texts.optional(),
  alsoAllow: Texts.optional(),
};

const ToolsConfig = z
  .looseObject({
    ...ToolRules,
    byProvider: z.record(z.string(), z.looseObject(ToolRules)).optional().describe("By the name of the model provider"),
    toolCallPrefix: z.string().max(100).optional().describe("Kept to the characters a-z, 0-9, _, { and }"),
  })
  .describe("Which tools the agent has");

const ReasoningConfig = z
  .looseObject({
    override_mode: z.enum(["inherit", "custom"]).optional(),
    effort: z.enum(["off", "auto", "none", "minimal", "low", "medium", "high", "xhigh"]).optional(),
    fallback: z.enum(["downgrade", "off", "provider_default"]).optional(),
  })
  .describe("How hard the model thinks; `custom` overrides thinking_level");

const WorkspaceSharing = z.looseObject({
  shared_dm: z.boolean().optional().describe("Whether all users work on the same files"),
  shared_group: z.boolean().optional().describe("Whether all group chats do"),
  shared_users: Texts.optional().describe("The users who do"),
  share_memory: z.boolean().optional(),
  share_knowledge_graph: z.boolean().optional(),
  share_sessions: z.boolean().optional(),
});

const ModelFallback = z
  .looseObject({
    enabled: z.boolean().optional(),
    strategy: z.literal("priority_order").optional(),
    candidates: z
      .array(z.looseObject({ provider: SingleLine.min(1).max(255), model: ModelName.min(1) }))
      .max(20)
      .optional(),
    max_attempts: z.int().min(0).max(20).optional(),
    cooldown_enabled: z.boolean().optional(),
  })
  .describe("Models to try when the agent's own fails");

const OauthRouting = z.looseObject({
  override_mode: z.string().optional(),
  strategy: z.enum(["round_robin", "priority_order", "manual", "primary_first"]).optional(),
  extra_provider_names: Texts.optional(),
});

const Weight = z.number().min(0).max(1_000).optional();

const MemoryConfig = z
  .looseObject({
    enabled: z.boolean().optional(),
    max_results: z.number().optional().describe("How many passages a search finds; absent: 6"),
    min_score: z.number().optional().describe("Leaves out what fits less well"),
    embedding_provider: z.string().max(255).optional().describe("Who embeds texts; empty: a provider that offers it"),
    embedding_model: ModelName.optional().describe("Empty: that of the provider's settings"),
    embedding_api_base: z
      .literal("", "field.provider_address")
      .optional()
      .describe("Always empty: the address stands in `settings.embedding` of the provider"),
    vector_weight: Weight.describe(
      "What the likeness of meanings counts; absent: 0.7, 0: searches compare words alone",
    ),
    text_weight: Weight.describe("What the likeness of words counts; absent: 0.3"),
    max_chunk_len: z.int().min(0).optional().describe("Of a passage, in characters; absent or 0: 1000"),
    chunk_overlap: z.int().min(0).optional().describe("What a passage repeats of the one before it; absent: 200"),
  })
  .describe("What the agent remembers across sessions, and how searches find it");

const CompactionConfig = z
  .looseObject({
    maxHistoryShare: z.number().min(0).max(1).optional().describe("Of the context window; 0: 0.85"),
    keepLastMessages: z.int().min(0).optional().describe("0: 4; 100 at most"),
    reserveTokensFloor: z.int().min(0).optional(),
    memoryFlush: z
      .looseObject({
        enabled: z.boolean().optional().describe("False: a summary adds nothing to the memory"),
        prompt: z
          .string()
          .max(4_000)
          .optional()
          .describe("What to remember; empty: lasting facts, decisions, promises"),
      })
      .optional()
      .describe("What the agent writes to its memory before messages give way to a summary"),
  })
  .describe("When older messages give way to a summary");

const OtherConfig = z
  .looseObject({
    on_busy: OnBusy.optional().describe("For messages to a session with a run under way that do not say it themselves"),
    max_tool_calls: z.int().min(0).optional().describe("Of one run; 0: no limit"),
    prompt_mode: z.enum(["full", "task", "minimal", "none"]).optional(),
    pinned_skills: Texts.optional(),
    inbound_debounce_ms: z.int().optional().describe("In milliseconds"),
    show_reasoning: z.boolean().optional().describe("Whether chat answers have the model's reasoning"),
    allow_image_generation: z.boolean().optional(),
    tts_params: Bag.optional(),
  })
  .refine((config) => Object.entries(config).every(([name, value]) => !isFlag(name) || typeof value === "boolean"));

const isFlag = (name: string): boolean => name.startsWith("v3_");

const bounded = <Schema extends z.ZodType>(schema: Schema) => withinBytes(schema, LIMITS.agentUpdateBody).nullish();

/** The settings of an agent whose values are objects. Null empties a setting. */
export const AgentBags = {
  tools_config: bounded(ToolsConfig),
  sandbox_config: bounded(Bag),
  subagents_config: bounded(Bag),
  memory_config: bounded(MemoryConfig),
  compaction_config: bounded(CompactionConfig),
  context_pruning: bounded(Bag),
  other_config: bounded(OtherConfig),
  reasoning_config: bounded(ReasoningConfig),
  workspace_sharing: bounded(WorkspaceSharing),
  chatgpt_oauth_routing: bounded(OauthRouting),
  model_fallback: bounded(ModelFallback),
  shell_deny_groups: bounded(z.record(z.string(), z.boolean())),
  kg_dedup_config: bounded(Bag),
};

export type BagName = keyof typeof AgentBags;
export type Bags = { readonly [Name in BagName]?: Readonly<Record<string, unknown>> | undefined };

export const BAG_NAMES = Object.keys(AgentBags) as readonly BagName[];
