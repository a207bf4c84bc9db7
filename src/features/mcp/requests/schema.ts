import { z } from "zod";
import { UserId } from "#core/access/identity.ts";
import { statusOf, Timestamp } from "#core/wire.ts";
import { AgentReference, ToolNames } from "#features/mcp/grants/schema.ts";

const MAX_TEXT_CHARS = 2_000;

const Scope = z.enum(["agent", "user"]);
const Status = z.enum(["pending", "approved", "rejected"]);

export const McpRequest = z
  .object({
    id: z.guid(),
    server_id: z.guid(),
    agent_id: z.guid().optional(),
    user_id: z.string().optional(),
    scope: Scope,
    status: Status,
    reason: z.string().optional(),
    tool_allow: z.array(z.string()).optional(),
    requested_by: z.string(),
    reviewed_by: z.string().optional(),
    reviewed_at: Timestamp.optional(),
    review_note: z.string().optional(),
    created_at: Timestamp,
  })
  .meta({ id: "McpRequest" });
export type McpRequest = z.infer<typeof McpRequest>;

export const CreateMcpRequestInput = z
  .object({
    server_id: z.guid().describe("The id of the server"),
    scope: Scope.optional().describe("For whom: an agent, or a user; agent where `agent_id` is given, else user"),
    agent_id: AgentReference.optional(),
    user_id: UserId.optional().describe("scope user: the caller when left out; another user needs an administrator"),
    reason: z.string().max(MAX_TEXT_CHARS).nullish(),
    tool_allow: ToolNames.describe("The only tools that are asked for; empty means all"),
  })
  .meta({ id: "CreateMcpRequestInput" });
export type CreateMcpRequestInput = z.infer<typeof CreateMcpRequestInput>;

export const ListMcpRequestsInput = z.object({
  status: z
    .enum([...Status.options, "all"])
    .default("pending")
    .describe("Which requests are listed"),
});

export const ReviewMcpRequestInput = z
  .object({
    id: z.string().describe("The id of the request"),
    approved: z.boolean().optional().describe("Whether the access is granted"),
    action: z.enum(["approve", "reject"]).optional().describe("The same in words"),
    note: z.string().max(MAX_TEXT_CHARS).nullish(),
  })
  .meta({ id: "ReviewMcpRequestInput" });
export type ReviewMcpRequestInput = z.infer<typeof ReviewMcpRequestInput>;

export const Reviewed = z.union([statusOf("approved"), statusOf("rejected")]).meta({ id: "McpReview" });
