import { Database as BunDatabase, type SQLQueryBindings } from "bun:sqlite";
import { findNearest } from "#db/dialects/sqlite/find-nearest.ts";
import { identityOf } from "#db/dialects/sqlite/identity-of.ts";
import { type NearestQuery, SignBlocks } from "#db/dialects/sqlite/sign-blocks.ts";

// The entry point of a worker thread. Reports read many rows, which would block the event loop.

/** The file of an open database, which every job reads. */
interface DatabaseFile {
  readonly path: string;
  readonly identity: string;
}

/** What a job reads: the rows of a statement, or the places of the nearest vectors. */
export type ReportRead =
  | { readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly nearest: NearestQuery };

export type ReportJob = DatabaseFile & ReportRead;

/** The response of the thread to a job. `code` is SQLite's own name of a failure. */
export type ReportAnswer = { readonly rows: readonly unknown[] } | { readonly code: string; readonly message: string };

declare const self: Worker;

/** In KiB, allocated on demand. */
const CACHE_KIB = 65_536;

let database: BunDatabase | undefined;
let blocks: SignBlocks | undefined;

self.onmessage = ({ data }: MessageEvent<ReportJob>) => {
  const response = answer(data);
  self.postMessage(response, "rows" in response ? buffersOf(response.rows) : []);
};

/** Returns the buffers of the binary values, which are moved to the reader instead of copied. */
const buffersOf = (rows: readonly unknown[]): ArrayBuffer[] =>
  rows.flatMap((row) =>
    Object.values(row ?? {}).flatMap((value) => (value instanceof Uint8Array ? (value.buffer as ArrayBuffer) : [])),
  );

function answer(job: ReportJob): ReportAnswer {
  try {
    database ??= open(job);
    blocks ??= new SignBlocks(database);
    if ("nearest" in job) return { rows: findNearest(blocks, job.nearest) };
    const statement = database.prepare(job.sql);
    try {
      return { rows: statement.all(...(job.parameters as SQLQueryBindings[])) };
    } finally {
      statement.finalize();
    }
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
    return { code, message: String(thrown) };
  }
}

function open({ path, identity }: DatabaseFile): BunDatabase {
  if (identityOf(path) !== identity) throw new Error("the file of the database was moved or replaced");
  const opened = new BunDatabase(path, { readonly: true });
  opened.run(`PRAGMA cache_size = -${CACHE_KIB}`);
  return opened;
}
