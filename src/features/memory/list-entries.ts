import type { Context } from "#core/context.ts";
import { cutPage, jsonBytes } from "#core/cut-page.ts";
import { findView } from "#features/memory/access.ts";
import { countDocuments, documentsIn, listDocuments, readFound } from "#features/memory/repository.ts";
import type { ListMemoryInput, MemoryEntry } from "#features/memory/schema.ts";
import { type RankedChunk, searchMemory } from "#features/memory/search/search-memory.ts";
import type { MemoryView } from "#features/memory/store/scopes-of.ts";
import { toEntry } from "#features/memory/to-entry.ts";
import { memoryVectors } from "#features/memory/vectors/memory-vectors.ts";

/** Lists what agents remember: the latest changes first, or what fits a search best. */
export async function listEntries(ctx: Context, input: ListMemoryInput) {
  const { limit, offset } = input;
  const view = await findView(ctx, input);
  if (!view) return { entries: [], total: 0, limit, offset };
  const page = await (input.q?.trim() ? findEntries(ctx, view, input) : newestEntries(ctx, view, input));
  return { entries: [...cutPage(page.entries, jsonBytes)], total: page.total, limit, offset };
}

interface EntryPage {
  readonly entries: readonly MemoryEntry[];
  readonly total: number;
}

async function newestEntries(ctx: Context, view: MemoryView, input: ListMemoryInput): Promise<EntryPage> {
  const { limit, offset, include_content: withContent } = input;
  const rows = documentsIn(ctx.db.read, view, input.path);
  const [documents, total] = await Promise.all([
    listDocuments(rows, { limit, offset, withContent }),
    countDocuments(rows),
  ]);
  return { entries: documents.map(toEntry), total };
}

async function findEntries(ctx: Context, view: MemoryView, input: ListMemoryInput): Promise<EntryPage> {
  const { q = "", path = "", limit, offset } = input;
  const { agentId, userId } = view;
  const meaning = ctx.use(memoryVectors).meaningOf(ctx.db, { agentId, userId, query: q });
  const ranked = await searchMemory(ctx.db.reports, { view, query: q, meaning });
  const found = ranked.filter((chunk) => chunk.path.startsWith(path));
  const best = [...bestOfEach(found).values()];
  const shown = best.slice(offset, offset + limit);
  const ids = shown.map(({ id }) => id);
  const known = await readFound(ctx.db.reports, ids, input.include_content);
  const entries = shown.flatMap(({ id, score }) => {
    const entry = known.get(id);
    // Somebody may have deleted it since it was found.
    if (!entry) return [];
    const { text: snippet, start_line, end_line } = entry.chunk;
    return [{ ...toEntry(entry.document), score, snippet, start_line, end_line }];
  });
  return { entries, total: best.length };
}

/** Returns the best chunk of each document, in the order of the chunks. */
function bestOfEach(chunks: readonly RankedChunk[]): ReadonlyMap<string, RankedChunk> {
  const best = new Map<string, RankedChunk>();
  for (const chunk of chunks) if (!best.has(chunk.document_id)) best.set(chunk.document_id, chunk);
  return best;
}
