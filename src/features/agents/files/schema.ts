import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { Timestamp } from "#core/wire.ts";
import { AgentPath } from "#features/agents/schema.ts";

/** The names of context files, in the order of lists. */
export const CONTEXT_FILES = [
  ...(["AGENTS.md", "SOUL.md", "IDENTITY.md", "USER.md", "USER_PREDEFINED.md"] as const),
  ...(["CAPABILITIES.md", "TOOLS.md", "HEARTBEAT.md"] as const),
] as const;
export type ContextFileName = (typeof CONTEXT_FILES)[number];

const known = {
  name: z.enum(CONTEXT_FILES),
  missing: z.boolean().describe("True: nobody has written it"),
  size: z.int().optional().describe("In bytes of UTF-8"),
  updated_at: Timestamp.optional(),
};
const AgentFileEntry = z
  .object(known)
  .meta({ id: "AgentFileEntry", description: "A file that says who an agent is, without its content" });
export const AgentFile = z
  .object({ ...known, content: z.string().optional() })
  .meta({ id: "AgentFile", description: "A file that says who an agent is" });
export type AgentFile = z.infer<typeof AgentFile>;

export const AgentFileList = z
  .object({ agent_id: z.guid(), files: z.array(AgentFileEntry) })
  .meta({ id: "AgentFiles" });
export const OneAgentFile = z.object({ agent_id: z.guid(), file: AgentFile }).meta({ id: "OneAgentFile" });

export const AgentFilePath = AgentPath.extend({ name: z.enum(CONTEXT_FILES).describe("The name of the file") });
export type AgentFilePath = z.infer<typeof AgentFilePath>;
export const SetAgentFileInput = AgentFilePath.extend({
  content: z
    .string()
    .max(LIMITS.agentFileChars)
    .describe(`The prompt shows at most ${LIMITS.contextFileChars} characters of it; an empty file is left out`),
}).meta({ id: "SetAgentFileInput" });
export type SetAgentFileInput = z.infer<typeof SetAgentFileInput>;

export const PreviewInput = AgentPath.extend({
  user_id: z.string().max(255).optional().describe("For whom; without it, for the caller"),
});
export type PreviewInput = z.infer<typeof PreviewInput>;

export const PromptPreview = z
  .object({
    agent_id: z.guid(),
    prompt: z.string().describe("The system prompt of the next run, without the instructions of its caller"),
    chars: z.int(),
    sections: z.array(
      z.object({
        name: z.string(),
        place: z.enum(["stable", "volatile"]).describe("Providers can cache the stable ones, which come first"),
        chars: z.int().describe("As it is shown"),
      }),
    ),
    cut_files: z
      .array(z.object({ name: z.string(), chars: z.int(), shown_chars: z.int() }))
      .describe("Context files of which the prompt leaves something out"),
  })
  .meta({ id: "PromptPreview" });
export type PromptPreview = z.infer<typeof PromptPreview>;
