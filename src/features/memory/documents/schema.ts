import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { UserId } from "#core/access/identity.ts";
import { statusOf } from "#core/wire.ts";
import { MemoryContent, MemoryPath, MemoryQuery } from "#features/memory/schema.ts";

const Milliseconds = z.int().describe("In milliseconds since 1970");

const known = {
  path: z.string(),
  hash: z.string().describe("SHA-256 of the content, in hex"),
  user_id: z.string().optional().describe("Absent: all users of the agent share it"),
  updated_at: Milliseconds,
};

const DocumentInfo = z
  .object({ ...known, agent_id: z.guid() })
  .meta({ id: "MemoryDocumentInfo", description: "A document that an agent remembers, without its content" });
export type DocumentInfo = z.infer<typeof DocumentInfo>;
export const DocumentInfos = z.array(DocumentInfo);

export const MemoryDocument = z
  .object({
    ...known,
    content: z.string(),
    chunk_count: z.int().describe("How many stretches of it searches can find"),
    embedded_count: z.int().describe("How many of them have an embedding"),
    created_at: Milliseconds,
  })
  .meta({ id: "MemoryDocument", description: "A document that an agent remembers" });
export type MemoryDocument = z.infer<typeof MemoryDocument>;

const Viewer = UserId.optional().describe(
  "Administrators see what this user sees; others see what they have themselves",
);
const Writer = UserId.optional().describe(
  "Whose document it is; administrators who name nobody mean that of all users",
);
const agentPath = { agentID: z.string().describe("Id or key of the agent") };

export const ListAllInput = z.object({ user_id: Viewer });
export const ListDocumentsInput = z.object({ ...agentPath, user_id: Viewer });
export type ListDocumentsInput = z.infer<typeof ListDocumentsInput>;

export const DocumentInput = z.object({ ...agentPath, path: MemoryPath, user_id: Viewer });
export type DocumentInput = z.infer<typeof DocumentInput>;

export const PutDocumentInput = z
  .object({ ...agentPath, path: MemoryPath, content: MemoryContent, user_id: Writer })
  .meta({ id: "PutMemoryDocumentInput" });
export type PutDocumentInput = z.infer<typeof PutDocumentInput>;
export const PutDocument = statusOf("ok").extend({ path: z.string() }).meta({ id: "MemoryDocumentStored" });

export const DeleteDocumentInput = z.object({ ...agentPath, path: MemoryPath, user_id: Writer });
export type DeleteDocumentInput = z.infer<typeof DeleteDocumentInput>;

export const DocumentChunk = z
  .object({
    id: z.guid(),
    start_line: z.int(),
    end_line: z.int(),
    text_preview: z.string(),
    has_embedding: z.boolean(),
  })
  .meta({ id: "MemoryChunk", description: "A stretch of a document, as searches find it" });
export type DocumentChunk = z.infer<typeof DocumentChunk>;

export const IndexInput = z
  .object({ ...agentPath, path: MemoryPath, user_id: Writer })
  .meta({ id: "IndexMemoryInput" });
export type IndexInput = z.infer<typeof IndexInput>;
export const Indexed = statusOf("indexed").extend({ path: z.string() }).meta({ id: "MemoryIndexed" });

export const IndexAllInput = z.object({ ...agentPath, user_id: Viewer }).meta({ id: "IndexAllMemoryInput" });
export type IndexAllInput = z.infer<typeof IndexAllInput>;
export const IndexedAll = statusOf("indexed_all").meta({ id: "MemoryIndexedAll" });

export const SearchInput = z
  .object({
    ...agentPath,
    query: MemoryQuery.refine((text) => text.trim() !== "", "field.empty").describe(
      "Words to search for. Case, accents and marks do not matter",
    ),
    user_id: Viewer,
    max_results: z
      .int()
      .min(1)
      .max(LIMITS.memoryResultsMax)
      .optional()
      .describe("Without it, the agent's setting, or 6"),
    min_score: z.number().min(0).max(2).optional().describe("Leaves out what fits less well"),
  })
  .meta({ id: "SearchMemoryInput" });
export type SearchInput = z.infer<typeof SearchInput>;

const Passage = z
  .object({
    path: z.string(),
    start_line: z.int(),
    end_line: z.int(),
    score: z.number(),
    snippet: z.string(),
    source: z.literal("memory"),
    scope: z.enum(["global", "personal"]),
  })
  .meta({ id: "MemoryPassage", description: "A stretch of a document that fits a search" });
export const SearchResult = z.object({ results: z.array(Passage), count: z.int() }).meta({ id: "MemorySearchResult" });
