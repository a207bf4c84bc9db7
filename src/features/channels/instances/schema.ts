import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { CHANNEL_TYPE_NAMES } from "#channels/types/channel-types.ts";
import { withinBytes } from "#core/free-form.ts";
import { longPageFields, pageOf, SingleLine, Timestamp } from "#core/wire.ts";

const Name = SingleLine.trim()
  .min(1)
  .max(100)
  // A session key has the name between colons.
  .refine((name) => !name.includes(":"), "field.format")
  .describe("Unique in the tenant; a part of the keys of its sessions, so without colons");
const Type = z.enum(CHANNEL_TYPE_NAMES).describe("The chat platform, or `webhook` for a program of your own");
const DisplayName = SingleLine.max(255).nullish().describe("For people to read");
const AgentId = z.string().max(255).describe("The agent that answers: its id or key");
const Credentials = withinBytes(
  z.record(z.string().min(1).max(100), z.union([z.string().max(16_384), z.number(), z.boolean(), z.null()])),
  LIMITS.channelCredentialsBytes,
)
  .nullish()
  .describe('Stored encrypted and never shown. Merged by name: "***" keeps the stored value, null removes it');
const Config = withinBytes(z.looseObject({}), LIMITS.channelConfigBytes)
  .nullish()
  .describe("Settings of the type, such as `dm_policy`, `group_policy`, `allow_from` and `groups`");

const ChannelState = z.enum(["registered", "starting", "healthy", "degraded", "failed", "stopped"]);

/** A state of an instance, since when and why. */
export const ChannelHealth = z
  .object({
    state: ChannelState,
    reason: z.string().optional().describe("A word for programs, such as `credentials_refused`"),
    detail: z.string().optional().describe("The reason in English"),
    since: Timestamp,
  })
  .meta({ id: "ChannelHealth" });
export type ChannelHealth = z.infer<typeof ChannelHealth>;

export const ChannelStatus = ChannelHealth.extend({
  story: z.array(ChannelHealth).describe("The states before, newest first"),
}).meta({ id: "ChannelStatus" });
export type ChannelStatus = z.infer<typeof ChannelStatus>;

/** An account of an agent on a chat platform. */
export const ChannelInstance = z
  .object({
    id: z.guid(),
    name: z.string(),
    display_name: z.string(),
    channel_type: z.string(),
    agent_id: z.guid(),
    config: z.record(z.string(), z.unknown()).nullable(),
    enabled: z.boolean(),
    is_default: z.boolean().describe("True for an instance of the configuration, which is changed there alone"),
    source: z.enum(["api", "config"]).describe("Where it was made: by the API, or in the configuration"),
    has_credentials: z.boolean(),
    credentials: z.record(z.string(), z.literal("***")),
    health: ChannelHealth,
    created_by: z.string(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "ChannelInstance" });
export type ChannelInstance = z.infer<typeof ChannelInstance>;

export const ChannelInstancePage = pageOf("instances", ChannelInstance).meta({ id: "ChannelInstancePage" });

export const ListInstancesInput = z.object({
  search: z.string().max(200).optional().describe("A part of the name, display name or type, in any case"),
  channel_type: z.string().max(50).optional().describe("Only instances of this type"),
  ...longPageFields,
});
export type ListInstancesInput = z.infer<typeof ListInstancesInput>;

export const InstancePath = z.object({ id: z.string().max(255).describe("The id of the instance") });

export const CreateInstanceInput = z
  .object({
    name: Name,
    channel_type: Type,
    agent_id: AgentId,
    display_name: DisplayName,
    credentials: Credentials,
    config: Config,
    enabled: z.boolean().default(true),
  })
  .meta({ id: "CreateChannelInstanceInput" });
export type CreateInstanceInput = z.infer<typeof CreateInstanceInput>;

const Folded = withinBytes(z.unknown(), LIMITS.channelConfigBytes).optional();

export const UpdateInstanceInput = InstancePath.extend({
  name: Name.optional(),
  channel_type: Type.optional(),
  agent_id: AgentId.optional(),
  display_name: DisplayName,
  credentials: Credentials,
  config: Config.describe("Replaces the stored settings as a whole"),
  enabled: z.boolean().optional(),
  group_policy: Folded.describe("The same as in `config`"),
  allow_from: Folded.describe("The same as in `config`"),
  webhook_secret: z.string().max(16_384).nullish().describe("The same as in `credentials`"),
}).meta({ id: "UpdateChannelInstanceInput" });
export type UpdateInstanceInput = z.infer<typeof UpdateInstanceInput>;
