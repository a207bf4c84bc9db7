import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { UserId } from "#core/access/identity.ts";
import { FormFile } from "#core/uploads/uploaded-file.ts";
import { listOf, SingleLine } from "#core/wire.ts";
import { SKILL_WARNINGS } from "#features/skills/manifest/parse-skill-file.ts";

const VISIBILITIES = ["private", "internal", "public"] as const;
const MAX_TAGS = 50;
const MAX_MANAGERS = 100;

const Visibility = z
  .enum(VISIBILITIES)
  .describe("`private`: for its owner. `internal`: for agents and users it is granted to. `public`: for every agent");
const Version = z.int().min(1);
const Reference = z.string().describe("Id, slug or name of the skill");
const Manager = z.object({ id: z.guid(), agent_key: z.string(), display_name: z.string().optional() });

/** A skill: a folder of instructions, scripts and other files that agents load when a task needs them. */
export const Skill = z
  .object({
    id: z.guid(),
    name: z.string(),
    slug: z.string(),
    path: z.string().describe("Path of SKILL.md; absolute for administrators, else below the folder of all skills"),
    baseDir: z.string().describe("Its folder, like `path`"),
    source: z.enum(["builtin", "managed"]).describe("`builtin`: comes with the gateway. `managed`: was uploaded"),
    description: z.string(),
    visibility: Visibility,
    tags: z.array(z.string()),
    version: Version.describe("The current version"),
    is_system: z.boolean(),
    status: z.enum(["active", "archived"]).describe("`archived`: a program that it needs is missing"),
    enabled: z.boolean(),
    tenant_enabled: z.boolean().optional().describe("The tenant's own choice about a skill of the gateway"),
    owner_id: z.string().optional(),
    author: z.string().optional(),
    license: z.string().optional(),
    compatibility: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    allowed_tools: z.array(z.string()).optional().describe("What its author expects; it gives no agent any right"),
    manager_agents: z.array(Manager).optional(),
    missing_deps: z.array(z.string()).optional().describe("Programs it names that this machine does not have"),
  })
  .meta({ id: "Skill", description: "Instructions and files that agents load when a task needs them" });
export type Skill = z.infer<typeof Skill>;

export const SkillList = listOf("skills", Skill);

export const ListSkillsInput = z.object({
  q: z.string().max(LIMITS.skillNameChars).optional().describe("A part of the name or the description"),
});
export const SkillPath = z.object({ id: Reference });

export const UpdateSkillInput = SkillPath.extend({
  name: SingleLine.trim().min(1).max(LIMITS.skillNameChars).optional(),
  description: z.string().max(LIMITS.skillDescriptionChars).optional(),
  tags: z.array(SingleLine.min(1).max(100)).max(MAX_TAGS).optional(),
  visibility: z.preprocess((text) => (typeof text === "string" ? text.toLowerCase() : text), Visibility).optional(),
});
export type UpdateSkillInput = z.infer<typeof UpdateSkillInput>;

export const ToggleSkillInput = SkillPath.extend({
  enabled: z.boolean().optional().describe("Without it, the other state than the present one"),
});
export const Toggled = z.object({ ok: z.literal(true), enabled: z.boolean(), status: z.string() }).meta({
  id: "ToggledSkill",
});

export const UploadSkillInput = z.object({
  file: FormFile.describe("A ZIP archive with SKILL.md at its root or in its only top folder"),
  manager_agent_ids: z
    .string()
    .max(LIMITS.metadataBytes)
    .optional()
    .describe(`A JSON list of at most ${MAX_MANAGERS} ids or keys of agents that may use and manage the skill`),
});
export type UploadSkillInput = z.infer<typeof UploadSkillInput>;

/** The list inside `manager_agent_ids`. */
export const ManagerAgents = z.array(z.string().min(1).max(LIMITS.skillNameChars)).max(MAX_MANAGERS);

export const UploadedSkill = z
  .object({
    id: z.guid(),
    slug: z.string(),
    version: Version,
    name: z.string(),
    status: z.enum(["active", "archived", "unchanged"]).describe("`unchanged`: the current version has the same files"),
    is_new: z.boolean().optional(),
    missing_deps: z.array(z.string()).optional(),
    deps_warning: z.string().optional(),
    warnings: z.array(z.enum(SKILL_WARNINGS)).optional().describe("Departures from the specification"),
    grant_errors: z.array(z.string()).optional().describe("Agents that could not be made managers"),
  })
  .meta({ id: "UploadedSkill" });
export type UploadedSkill = z.infer<typeof UploadedSkill>;

export const SkillVersions = z
  .object({ versions: z.array(Version), current: Version })
  .meta({ id: "SkillVersions", description: "All versions of a skill, the oldest first" });

export const SkillFilesInput = SkillPath.extend({
  version: z.coerce.number().int().min(1).optional().describe("The current one when absent"),
});
export const SkillFileEntry = z
  .object({ path: z.string(), name: z.string(), isDir: z.boolean(), size: z.int() })
  .meta({ id: "SkillFileEntry" });
export type SkillFileEntry = z.infer<typeof SkillFileEntry>;
export const SkillFileList = listOf("files", SkillFileEntry);

export const SkillFileInput = SkillFilesInput.extend({ path: z.string().describe("Path of the file in the skill") });
export const SkillFileContent = z
  .object({ content: z.string(), path: z.string(), size: z.int(), encoding: z.enum(["utf-8", "base64"]) })
  .meta({ id: "SkillFileContent" });

export const GrantAgentInput = SkillPath.extend({
  agent_id: z.string().min(1).max(LIMITS.skillNameChars).describe("Id or key of the agent"),
  version: Version.optional().describe("The version that the agent uses; the current one, now and later, when absent"),
  can_manage: z.boolean().default(false),
});
export type GrantAgentInput = z.infer<typeof GrantAgentInput>;
export const AgentGrantPath = SkillPath.extend({ agentID: z.string().describe("Id or key of the agent") });
export const GrantUserInput = SkillPath.extend({ user_id: UserId });
export const UserGrantPath = SkillPath.extend({ userID: UserId.describe("The id of the user") });

export const AgentGrant = z
  .object({
    agent_id: z.guid(),
    agent_key: z.string(),
    display_name: z.string().optional(),
    pinned_version: Version.optional(),
    can_manage: z.boolean(),
    granted_by: z.string(),
  })
  .meta({ id: "SkillAgentGrant" });
export const AgentGrantList = listOf("grants", AgentGrant);

export const AgentSkillsPath = z.object({ agentID: z.string().describe("Id or key of the agent") });
export const AgentSkill = z
  .object({
    id: z.guid(),
    name: z.string(),
    slug: z.string(),
    description: z.string(),
    visibility: Visibility,
    version: Version,
    granted: z.boolean().describe("Whether it was granted to this agent"),
    can_manage: z.boolean(),
    pinned_version: Version.optional(),
    is_system: z.boolean(),
  })
  .meta({ id: "AgentSkill", description: "A skill, as one agent has it" });
export type AgentSkill = z.infer<typeof AgentSkill>;
export const AgentSkillList = listOf("skills", AgentSkill);

export const Done = z.object({ ok: z.literal("true") }).meta({ id: "SkillDone" });
export const DONE: z.output<typeof Done> = { ok: "true" };
