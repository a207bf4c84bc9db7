import { z } from "zod";
import { Timestamp } from "#core/wire.ts";

const DIRECTIONS = ["outbound", "inbound", "bidirectional"] as const;
const Users = z.array(z.string().min(1).max(255)).max(1_000);

const fields = {
  direction: z
    .enum(DIRECTIONS)
    .describe("outbound: the source hands tasks to the target; inbound: the other way round; bidirectional: both"),
  description: z.string().max(2_000).describe("Tells the model when to hand a task on"),
  max_concurrent: z.int().min(1).max(100).describe("Tasks that are out on this link at the same time"),
  settings: z
    .object({
      user_allow: Users.optional().describe("Where not empty, the only users for whom tasks are handed on"),
      user_deny: Users.optional().describe("Users for whom no task is handed on"),
    })
    .describe("For which users the link works"),
  status: z.enum(["active", "disabled"]),
};

export const AgentLink = z
  .object({
    id: z.string(),
    source_agent_id: z.string(),
    source_agent_key: z.string(),
    target_agent_id: z.string(),
    target_agent_key: z.string(),
    ...fields,
    created_by: z.string(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "AgentLink", description: "The permission of an agent to hand tasks to another" });
export type AgentLink = z.infer<typeof AgentLink>;

export const ListLinksInput = z.object({
  agent_id: z.string().optional().describe("Id or key of an agent at one of the two ends"),
  direction: z.enum(["from", "to", "all"]).default("all").describe("The end at which `agent_id` stands"),
});
export type ListLinksInput = z.infer<typeof ListLinksInput>;

const Reference = z.string().min(1);
export const CreateLinkInput = z
  .object({
    source_agent: Reference.describe("Id or key"),
    target_agent: Reference.describe("Id or key"),
    direction: fields.direction.default("outbound"),
    description: fields.description.default(""),
    max_concurrent: fields.max_concurrent.default(3),
    settings: fields.settings.default({}),
  })
  .meta({ id: "CreateAgentLinkInput" });
export type CreateLinkInput = z.infer<typeof CreateLinkInput>;

export const LinkPath = z.object({ id: z.string().describe("The link's id") });
export type LinkPath = z.infer<typeof LinkPath>;
export const UpdateLinkInput = z.object(fields).partial().extend(LinkPath.shape).meta({ id: "UpdateAgentLinkInput" });
export type UpdateLinkInput = z.infer<typeof UpdateLinkInput>;
