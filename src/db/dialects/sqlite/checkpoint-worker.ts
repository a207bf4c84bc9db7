import { Database as BunDatabase } from "bun:sqlite";
import { identityOf } from "#db/dialects/sqlite/identity-of.ts";

// The entry point of a worker thread. Copying the log back takes tens of milliseconds and would block the event loop.

/** The file of an open database. */
export interface CheckpointJob {
  readonly path: string;
  readonly identity: string;
}

/** The response of the thread to a job. */
export type CheckpointAnswer = { readonly isComplete: boolean } | { readonly error: string };

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
    const frames = database.query<Frames, []>("PRAGMA wal_checkpoint(PASSIVE)").get();
    return { isComplete: frames !== null && frames.log === frames.checkpointed };
  } catch (thrown) {
    return { error: String(thrown) };
  }
}

// SQLite would take the log for that of whatever file it finds or creates at the path, and delete or apply it there.
function open({ path, identity }: CheckpointJob): BunDatabase {
  if (identityOf(path) !== identity) throw new Error("the file of the database was moved or replaced");
  return new BunDatabase(path, { readwrite: true, create: false });
}

interface Frames {
  readonly log: number;
  readonly checkpointed: number;
}
