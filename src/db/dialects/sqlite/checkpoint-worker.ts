import { Database as BunDatabase } from "bun:sqlite";

// The entry point of a thread: copying a log back takes tens of milliseconds, which the event loop does not have.

/** What the thread answers a path with. */
export type CheckpointAnswer = { readonly isComplete: boolean } | { readonly error: string };

declare const self: Worker;

let database: BunDatabase | undefined;

self.onmessage = ({ data: path }: MessageEvent<string>) => {
  self.postMessage(checkpoint(path));
};

function checkpoint(path: string): CheckpointAnswer {
  try {
    database ??= new BunDatabase(path);
    // Waits for nobody, and takes what was committed until now. https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
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
