import { Database as BunDatabase } from "bun:sqlite";

// The entry point of a worker thread. Copying the log back takes tens of milliseconds and would block the event loop.

/** The response of the thread to a message with the path of a database. */
export type CheckpointAnswer = { readonly isComplete: boolean } | { readonly error: string };

declare const self: Worker;

let database: BunDatabase | undefined;

self.onmessage = ({ data: path }: MessageEvent<string>) => {
  self.postMessage(checkpoint(path));
};

function checkpoint(path: string): CheckpointAnswer {
  try {
    database ??= new BunDatabase(path);
    // Copies what is committed now, without waiting for readers or writers.
    // https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    const frames = database.query<Frames, []>("PRAGMA wal_checkpoint(PASSIVE)").get();
    return { isComplete: frames !== null && frames.log === frames.checkpointed };
  } catch (thrown) {
    return { error: String(thrown) };
  }
}

interface Frames {
  readonly log: number;
  readonly checkpointed: number;
}
