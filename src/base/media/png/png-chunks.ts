import { crc32 } from "node:zlib";

/** A chunk of a PNG: its length, its type, its data and a checksum, from `start` to `end`. */
export interface PngChunk {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly data: Buffer;
}

export const PNG_SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** What a chunk has beside its data: its length and its type before, and its checksum behind. */
const [HEAD_BYTES, SUM_BYTES] = [8, 4];

/** Reads the chunks of a PNG, up to its end or to the first that has no end (PNG specification, 5.3). */
export function* pngChunks(file: Buffer): Generator<PngChunk> {
  for (let start = PNG_SIGNATURE.length; start + HEAD_BYTES + SUM_BYTES <= file.length; ) {
    const type = file.toString("latin1", start + 4, start + HEAD_BYTES);
    const dataEnd = start + HEAD_BYTES + file.readUInt32BE(start);
    const end = Math.min(file.length, dataEnd + SUM_BYTES);
    yield { type, start, end, data: file.subarray(start + HEAD_BYTES, dataEnd) };
    if (type === "IEND") return;
    start = end;
  }
}

/** Writes one chunk. */
export function toPngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(HEAD_BYTES + data.length + SUM_BYTES);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, "latin1");
  chunk.set(data, HEAD_BYTES);
  const sumAt = HEAD_BYTES + data.length;
  chunk.writeUInt32BE(crc32(chunk.subarray(4, sumAt)), sumAt);
  return chunk;
}
