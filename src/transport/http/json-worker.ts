import { type ParsedCutJson, parseCutJson } from "#transport/http/long-texts/cut-long-texts.ts";

// The entry point of a thread. Parsing a large body takes up to a fifth of a second, which would block the event loop.

declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<Uint8Array<ArrayBuffer>>) => {
  const parsed: ParsedCutJson = parseCutJson(data);
  self.postMessage(parsed, "bytes" in parsed ? [parsed.bytes.buffer] : []);
  // What was parsed would stay until the next body. Here nobody waits for the collector.
  Bun.gc(true);
};
