import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { UserId } from "#core/access/identity.ts";
import { withinBytes } from "#core/free-form.ts";
import { Timestamp } from "#core/wire.ts";

/** The only file that an agent keeps for each user. */
export const USER_FILE = "USER.md";
const Metadata = withinBytes(z.record(z.string().min(1).max(100), z.string().max(4_000)), LIMITS.metadataBytes);

const seen = { first_seen_at: Timestamp, last_seen_at: Timestamp };
export const Instance = z
  .object({ user_id: z.string(), ...seen, file_count: z.int(), metadata: Metadata })
  .meta({ id: "Instance", description: "A user of an agent" });

export const InstanceFile = z
  .object({ agent_id: z.guid(), user_id: z.string(), file_name: z.string(), content: z.string() })
  .meta({ id: "InstanceFile", description: "A context file of one user of an agent" });

export const AgentPath = z.object({ id: z.string().describe("Id or key of the agent") });
export const InstancePath = AgentPath.extend({ userID: UserId.describe("The id of the user") });
export const InstanceFilePath = InstancePath.extend({
  fileName: z.literal(USER_FILE).describe("The name of the file"),
});
export const SetFileInput = InstanceFilePath.extend({ content: z.string().max(LIMITS.contextFileChars) });
export const SetMetadataInput = InstancePath.extend({
  metadata: Metadata.refine((entries) => Object.keys(entries).length > 0)
    .meta({ minProperties: 1 })
    .describe("Merged into the stored entries"),
});
