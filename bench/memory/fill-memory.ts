import { MASTER_TENANT_ID } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import type { Database } from "#db/database.ts";
import { openPostgres } from "#db/dialects/postgres/open-postgres.ts";
import { openSqlite } from "#db/dialects/sqlite/open-sqlite.ts";
import { chunk } from "#db/values.ts";
import { prepareContent } from "#features/memory/store/prepare-content.ts";
import { insertDocument, toDocumentRow } from "#features/memory/store/store-document.ts";
import { storeVectors } from "#features/memory/vectors/store-vectors.ts";
import { toMeaning } from "./meanings.ts";

export interface MemoryFill {
  /** The file of SQLite. It counts only without `DATABASE_URL`. */
  readonly path: string;
  readonly agentId: string;
  /** The embedding space of the vectors. */
  readonly space: string;
  readonly documents: number;
}

const COMMON = ["the", "customer", "meeting", "invoice", "project", "review", "team", "green", "tea", "plan"];
const RARE_WORDS = 5_000;
const WORDS = 60;
const AT_ONCE = 200;
/** Every tenth document belongs to one of these users, and all others are shared. */
const USERS = 10;

export const rareWord = (number: number): string => `word${(number * 7_919) % RARE_WORDS}x`;
export const commonWord = (number: number): string => COMMON[number % COMMON.length] ?? "";

/** Stores documents of one chunk each, with their vectors, in the database of a stopped gateway. */
export async function fillMemory({ path, agentId, space, documents }: MemoryFill): Promise<void> {
  const url = process.env.DATABASE_URL;
  const database: Database = url
    ? openPostgres({ url: new Secret(url), size: 2, onIdleError: () => {} })
    : openSqlite(path);
  const { write } = database.forTenant(MASTER_TENANT_ID);
  const now = new Date().toISOString();
  const numbers = Array.from({ length: documents }, (_, number) => number);
  for (const some of chunk(numbers, AT_ONCE)) {
    const prepared = await Promise.all(
      some.map(async (number) => {
        const text = textOf(number);
        const place = { agentId, userId: userOf(number), path: `m/${number}.md` };
        const content = await prepareContent(place.path, text, {});
        const row = toDocumentRow(MASTER_TENANT_ID, { ...place, prepared: content, source: "api", now });
        return { row, content, vector: toMeaning(text) };
      }),
    );
    await write(async (queries) => {
      for (const { row, content } of prepared) await insertDocument(queries, row, content);
      const ids = prepared.map(({ row }) => row.id);
      const chunks = queries.selectFrom("memory_chunks").select(["id", "document_id"]);
      const stored = await chunks.where("document_id", "in", ids).execute();
      const vectorOf = new Map(prepared.map(({ row, vector }) => [row.id, vector]));
      const vectors = stored.map(({ id, document_id }) => ({ chunkId: id, vector: vectorOf.get(document_id) }));
      await storeVectors(queries, { agentId, space }, vectors);
    });
  }
  await database.close();
}

const userOf = (number: number): string => (number % 10 === 0 ? `user-${(number / 10) % USERS}` : "");

/** A text of 20 rare words, of which the first is its topic, and 40 common ones. */
const textOf = (number: number): string =>
  Array.from({ length: WORDS }, (_, at) =>
    at % 3 === 0 ? rareWord(number * 31 + at * 17) : commonWord(number * 3 + at * (1 + (number % 7))),
  ).join(" ");
