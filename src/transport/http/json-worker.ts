import type { BodyBytes } from "#transport/http/body-blocks.ts";
import { parseJsonBytes } from "#transport/http/parse-json-bytes.ts";

// The entry point of a thread. Parsing a large body takes up to a fifth of a second, which would block the event loop.

declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<BodyBytes>) => {
  self.postMessage(parseJsonBytes(data));
  // The text and its value would stay until the next body. Here nobody waits for the collector.
  Bun.gc(true);
};
