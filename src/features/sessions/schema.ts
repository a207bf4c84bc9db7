import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { Identity } from "#core/access/identity.ts";
import { withinBytes } from "#core/free-form.ts";
import { pageFields, pageOf, SingleLine, searchField, statusOf, Timestamp } from "#core/wire.ts";
import { Message } from "#runtime/transcript/index.ts";

const Key = Identity.describe("The session's key, percent-encoded: it has colons and may have slashes");
const Label = SingleLine.max(255).describe("For people to read; at most 255 characters, empty for none");

const MAX_FACTS = 100;
const Facts = z
  .record(z.string().min(1).max(100), z.string().max(4_000))
  .refine((facts) => Object.keys(facts).length <= MAX_FACTS, "field.invalid");
const Metadata = withinBytes(Facts, LIMITS.metadataBytes)
  .meta({ maxProperties: MAX_FACTS })
  .describe(`Facts of the client's own: at most ${MAX_FACTS}, each a text of at most 4000 characters, 16 KiB in all`);

/** A conversation of a user with an agent. The field names are those that GoClaw's clients expect. */
export const Session = z
  .object({
    key: z.string().describe("`agent:<key of the agent at its birth>:<rest>`"),
    messageCount: z.int(),
    created: Timestamp,
    updated: Timestamp,
    label: z.string().optional(),
    channel: z.string().min(1).optional().describe("The door it came in by"),
    userID: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    model: z.string().optional().describe("The agent's model now"),
    provider: z.string().optional(),
    inputTokens: z.int().optional().describe("Summed over all model calls"),
    outputTokens: z.int().optional(),
    agentName: z.string().optional(),
    estimatedTokens: z.int().optional().describe("About what the next model call will read"),
    contextWindow: z.int().optional().describe("Of the agent, in tokens"),
    compactionCount: z.int().optional(),
  })
  .meta({ id: "Session", description: "A conversation of a user with an agent" });
export type Session = z.infer<typeof Session>;

export const SessionDetail = Session.extend({
  summary: z.string().describe("Stands in for the older messages when the model reads; empty until it is compacted"),
}).meta({ id: "SessionDetail", description: "A session with its summary" });
export type SessionDetail = z.infer<typeof SessionDetail>;

export const SessionList = pageOf("sessions", Session).meta({ id: "SessionList", description: "A page of sessions" });
export type SessionList = z.infer<typeof SessionList>;

export const ListSessionsInput = z
  .object({
    agent_id: z.string().min(1).optional().describe("Id or key of the agent; one that is unknown gives an empty list"),
    channel: z.string().min(1).optional().describe("The door the session came in by, such as `http`"),
    user_id: Identity.min(1).optional().describe("For administrators; others see their own sessions"),
    q: searchField("the key, the label, the user, or the agent's key or name"),
    ...pageFields,
  })
  .meta({ id: "ListSessionsInput" });
export type ListSessionsInput = z.infer<typeof ListSessionsInput>;

export const SessionPath = z.object({ key: Key });

export const GetSessionMediaInput = z.object({
  key: Key,
  blob: z.string().max(255).describe("The `blob` of an image or a file in a message"),
  download: z
    .string()
    .max(10)
    .optional()
    .transform((text) => text === "true" || text === "1")
    .describe("Whether to send it as a download, whatever its type"),
});
export type SessionPath = z.infer<typeof SessionPath>;

const Switch = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);
/** Which messages of a transcript are listed. */
export const messagePageFields = {
  ...pageFields,
  from_end: Switch.optional().describe("True counts the page from the newest message; its messages stay in order"),
};
export type MessagePage = Omit<ListMessagesInput, "key">;

export const ListMessagesInput = z.object({ key: Key, ...messagePageFields }).meta({ id: "ListMessagesInput" });
export type ListMessagesInput = z.infer<typeof ListMessagesInput>;

export const MessageList = pageOf("messages", Message).meta({
  id: "MessageList",
  description: "A page of a transcript, oldest message first",
});
export type MessageList = z.infer<typeof MessageList>;

export const UpdateSessionInput = z
  .object({ key: Key, label: Label.optional(), metadata: Metadata.describe("Replaces the stored facts").optional() })
  .meta({ id: "UpdateSessionInput" });
export type UpdateSessionInput = z.infer<typeof UpdateSessionInput>;

export const BranchSessionInput = z
  .object({
    key: Key,
    message_id: z.string().min(1).max(100).describe("The message of this session's transcript to go on from"),
    label: Label.optional().describe("The old session's when absent"),
  })
  .meta({ id: "BranchSessionInput" });
export type BranchSessionInput = z.infer<typeof BranchSessionInput>;

export const BranchList = z
  .object({
    branches: z.array(
      z
        .object({
          parent_id: z.string().describe("The message from which the versions go on"),
          versions: z
            .array(
              z.object({
                message_id: z.string().describe("The first message of this version"),
                session_key: z.string().describe("The session in which it was said"),
              }),
            )
            .describe("In the order in which they began"),
        })
        .meta({ id: "SessionBranch" }),
    ),
  })
  .meta({ id: "BranchList" });
export type BranchList = z.infer<typeof BranchList>;

export const SessionReset = statusOf("reset").meta({ id: "SessionReset" });
export type SessionReset = z.infer<typeof SessionReset>;
export const SessionCompacted = statusOf("compacted").meta({ id: "SessionCompacted" });
export type SessionCompacted = z.infer<typeof SessionCompacted>;
