import { parseCutJson } from "#transport/http/long-texts/cut-long-texts.ts";

// The entry point of a thread. Parsing a large body takes up to a fifth of a second, which would block the event loop.

declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<Uint8Array<ArrayBuffer>>) => {
  answer(data);
  // What was parsed would stay until the next body. Here nobody waits for the collector.
  Bun.gc(true);
};

/** Sends the long texts ahead, see `Thread`. */
function answer(bytes: Uint8Array<ArrayBuffer>): void {
  const parsed = parseCutJson(bytes);
  if ("problem" in parsed) {
    self.postMessage(parsed);
    return;
  }
  const { value, paths, texts } = parsed;
  self.postMessage(texts);
  self.postMessage({ value, paths });
}
