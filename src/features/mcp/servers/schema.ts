import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { Slug } from "#base/slug.ts";
import { withinBytes } from "#core/free-form.ts";
import { SingleLine, Timestamp } from "#core/wire.ts";
import { credentialFields, shownCredentials } from "#features/mcp/credentials-schema.ts";
import { CONNECTION_STATES } from "#mcp/index.ts";

const MAX_ARGS = 100;
const MAX_ARG_CHARS = 4_000;
const MAX_TIMEOUT_SEC = 3_600;
const MAX_PREFIX_CHARS = 40;
const MAX_HINT_CHARS = 1_000;

const Name = Slug.describe("Unique in the tenant; a part of the names of its tools");
const DisplayName = SingleLine.max(255).nullish().describe("For people to read");
const Transport = z.enum(["stdio", "sse", "streamable-http"]).describe("How the server is reached");
export type Transport = z.infer<typeof Transport>;
const Command = SingleLine.max(1_000)
  .refine((command) => command === "" || command.startsWith("/") || !/[/\s]/.test(command), "field.format")
  .nullish()
  .describe("stdio: the name of an executable, or its absolute path. No shell reads it");
const Args = z
  .array(
    z
      .string()
      .max(MAX_ARG_CHARS)
      .regex(/^\P{Cc}*$/u),
  )
  .max(MAX_ARGS)
  .nullish()
  .describe("stdio: passed to the command as they are");
const Url = SingleLine.max(LIMITS.urlLength).nullish().describe("sse and streamable-http: the address of the server");
const ToolPrefix = z
  .string()
  .max(MAX_PREFIX_CHARS)
  .regex(/^[A-Za-z0-9_-]*$/)
  .nullish()
  .describe("What the names of its tools begin with, after `mcp_`; empty means the name of the server");
const TimeoutSec = z
  .int()
  .min(0)
  .max(MAX_TIMEOUT_SEC)
  .nullish()
  .describe("How long a call may take without progress; 0 means the default of 60 seconds");

const Hint = z.string().max(MAX_HINT_CHARS);
const Settings = withinBytes(
  z.looseObject({
    require_user_credentials: z
      .boolean()
      .optional()
      .describe("Whether only users with credentials of their own have it"),
    tool_hints: z
      .looseObject({ global: Hint.optional(), tools: z.record(z.string(), Hint).optional() })
      .optional()
      .describe("Advice that is added to the descriptions of its tools, by the names that the server gives them"),
  }),
  LIMITS.metadataBytes,
).nullish();
export type ServerSettings = NonNullable<z.infer<typeof Settings>>;

/** A configured MCP server. */
export const McpServer = z
  .object({
    id: z.guid(),
    name: z.string(),
    display_name: z.string().optional(),
    transport: z.string(),
    command: z.string().optional(),
    args: z.array(z.string()).optional(),
    url: z.string().optional(),
    ...shownCredentials,
    tool_prefix: z.string().optional(),
    timeout_sec: z.int(),
    settings: z.record(z.string(), z.unknown()),
    enabled: z.boolean(),
    created_by: z.string(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "McpServer" });
export type McpServer = z.infer<typeof McpServer>;

const ConnectionState = z.enum(CONNECTION_STATES);

/** What the answering process knows of its connections. */
const connectionState = {
  state: ConnectionState.describe(
    "Of the answering node's connections. `idle`: none is open, and the next use opens one; of several, the worst counts",
  ),
  since: Timestamp.optional().describe("Absent if this node has not called the server since it started"),
  error: z.string().optional().describe("Why it failed, in English"),
  tool_count: z.int().optional().describe("How many tools the server listed last"),
};

export const ListedMcpServer = McpServer.extend({
  agent_count: z.int().describe("How many agents may use it"),
  ...connectionState,
}).meta({ id: "ListedMcpServer" });
export type ListedMcpServer = z.infer<typeof ListedMcpServer>;

export const McpServerWithStory = McpServer.extend({
  ...connectionState,
  story: z
    .array(z.object({ state: ConnectionState, since: Timestamp, error: z.string().optional() }))
    .describe("The last states, newest first, without the moments of connecting"),
}).meta({ id: "McpServerWithStory" });
export type McpServerWithStory = z.infer<typeof McpServerWithStory>;

export const ServerPath = z.object({ id: z.string().describe("The id of the server") });

const connectionFields = { command: Command, args: Args, url: Url, ...credentialFields, timeout_sec: TimeoutSec };

export const CreateMcpServerInput = z
  .object({
    name: Name,
    display_name: DisplayName,
    transport: Transport,
    ...connectionFields,
    tool_prefix: ToolPrefix,
    settings: Settings,
    enabled: z.boolean().default(true),
  })
  .meta({ id: "CreateMcpServerInput" });
export type CreateMcpServerInput = z.infer<typeof CreateMcpServerInput>;

export const UpdateMcpServerInput = ServerPath.extend({
  name: Name.optional(),
  display_name: DisplayName,
  transport: Transport.optional(),
  ...connectionFields,
  tool_prefix: ToolPrefix,
  settings: Settings.describe("Replaces the stored settings as a whole"),
  enabled: z.boolean().optional(),
}).meta({ id: "UpdateMcpServerInput" });
export type UpdateMcpServerInput = z.infer<typeof UpdateMcpServerInput>;

export const TestMcpServerInput = z
  .object({ transport: Transport, ...connectionFields })
  .meta({ id: "TestMcpServerInput" });
export type TestMcpServerInput = z.infer<typeof TestMcpServerInput>;

/** The result of a trial. The request succeeds even if the server does not work. */
export const McpServerVerdict = z
  .object({
    success: z.boolean(),
    tool_count: z.int().optional(),
    error: z.string().optional().describe("Why it does not work, in English"),
  })
  .meta({ id: "McpServerVerdict" });
export type McpServerVerdict = z.infer<typeof McpServerVerdict>;

export const McpServerTools = z
  .object({
    tools: z.array(
      z.object({
        name: z.string().describe("The name that the server gives the tool; lists of a grant contain such names"),
        description: z.string().optional(),
        call_name: z.string().describe("The name by which models call the tool"),
      }),
    ),
    error: z.string().optional().describe("Why the tools could not be listed, in English"),
  })
  .meta({ id: "McpServerTools" });
export type McpServerTools = z.infer<typeof McpServerTools>;
