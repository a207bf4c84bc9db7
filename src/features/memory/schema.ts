import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { UserId } from "#core/access/identity.ts";
import { longPageFields, pageOf, SingleLine, Timestamp } from "#core/wire.ts";

/** Returns whether a path names a file below the agent's memory. */
const isPlainPath = (path: string): boolean =>
  path.split("/").every((name) => name.trim() !== "" && name !== "." && name !== "..") && !path.includes("\\");

/** The place of a document in an agent's memory. */
export const MemoryPath = SingleLine.min(1)
  .max(LIMITS.memoryPathChars)
  .normalize("NFC")
  .refine(isPlainPath, "field.format")
  .describe("Such as memory/tea.md; relative, without `..`");

export const MemoryContent = z.string().max(LIMITS.memoryContentChars);
const AgentReference = z.string().max(255);
export const MemoryQuery = z.string().max(LIMITS.memoryQueryChars);

const found = {
  score: z.number().describe("How well it fits the search. All words, very often, are 1; personal entries weigh 1.2"),
  snippet: z.string().describe("The stretch of the content that fits best"),
  start_line: z.int(),
  end_line: z.int(),
};

export const MemoryEntry = z
  .object({
    id: z.guid(),
    agent_id: z.guid(),
    user_id: z.string().optional().describe("Absent: all users of the agent share it"),
    path: z.string(),
    content: z.string().optional(),
    hash: z.string().describe("SHA-256 of the content, in hex"),
    scope: z.enum(["global", "personal"]),
    source: z.enum(["api", "agent"]).describe("Who wrote it last"),
    chunk_count: z.int().describe("How many stretches of it searches can find"),
    created_at: Timestamp,
    updated_at: Timestamp,
    ...z.object(found).partial().shape,
  })
  .meta({ id: "MemoryEntry", description: "A document that an agent remembers" });
export type MemoryEntry = z.infer<typeof MemoryEntry>;

export const MemoryPage = pageOf("entries", MemoryEntry).meta({ id: "MemoryPage" });

const Switch = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

export const ListMemoryInput = z.object({
  agent_id: AgentReference.optional().describe("Id or key; without it, the default agent, or all for administrators"),
  user_id: UserId.optional().describe("Administrators see what this user sees; others see what they have themselves"),
  path: z.string().max(LIMITS.memoryPathChars).normalize("NFC").optional().describe("The beginning of the path"),
  q: MemoryQuery.optional().describe("Words to search for. Case, accents and marks do not matter"),
  include_content: Switch.default(false),
  ...longPageFields,
});
export type ListMemoryInput = z.infer<typeof ListMemoryInput>;

export const CreateMemoryInput = z
  .object({
    agent_id: AgentReference.optional().describe("Id or key. Required, unless the header X-GoClaw-Agent-Id names one"),
    content: MemoryContent.refine((text) => text.trim() !== "", "field.empty"),
    path: MemoryPath.optional().describe("Without it, memory/<date>-<random>.md"),
    user_id: UserId.optional().describe("Whose entry it is; administrators who name nobody write for all users"),
  })
  .meta({ id: "CreateMemoryInput" });
export type CreateMemoryInput = z.infer<typeof CreateMemoryInput>;

export const MemoryEntryPath = z.object({ id: z.string().describe("The id of the entry") });
export type MemoryEntryPath = z.infer<typeof MemoryEntryPath>;
