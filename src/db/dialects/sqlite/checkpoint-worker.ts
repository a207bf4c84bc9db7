import { Database as BunDatabase } from "bun:sqlite";
import { type DatabaseFile, identityOf } from "#db/dialects/sqlite/identity-of.ts";
import { LOG_BYTES_KEPT } from "#db/dialects/sqlite/log-checkpoints.ts";

// The entry point of a worker thread. Copying the log back takes tens of milliseconds and would block the event loop.

export interface CheckpointJob extends DatabaseFile {
  /** Begins the log anew after it was copied. Nobody else may write meanwhile. */
  readonly restartsLog: boolean;
}

/** The response of the thread to a job: an empty object, or why it failed. */
export interface CheckpointAnswer {
  readonly error?: string;
}

declare const self: Worker;

let database: BunDatabase | undefined;

self.onmessage = ({ data }: MessageEvent<CheckpointJob>) => {
  self.postMessage(checkpoint(data));
};

function checkpoint(job: CheckpointJob): CheckpointAnswer {
  try {
    database ??= open(job);
    // Copies what is committed now, without waiting for readers or writers.
    // https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    database.query("PRAGMA wal_checkpoint(PASSIVE)").get();
    // Any write begins a copied log anew, and waits until the log's new header is on the disk. This one changes nothing.
    if (job.restartsLog) database.run("PRAGMA user_version = 0");
    return {};
  } catch (thrown) {
    return { error: String(thrown) };
  }
}

// SQLite would take the log for that of whatever file it finds or creates at the path, and delete or apply it there.
function open({ path, identity }: DatabaseFile): BunDatabase {
  if (identityOf(path) !== identity) throw new Error("the file of the database was moved or replaced");
  const opened = new BunDatabase(path, { readwrite: true, create: false });
  opened.run("PRAGMA synchronous = NORMAL");
  opened.run(`PRAGMA journal_size_limit = ${LOG_BYTES_KEPT}`);
  return opened;
}
