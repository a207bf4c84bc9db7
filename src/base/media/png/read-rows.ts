import { pipeline, Readable } from "node:stream";
import { constants, createInflateRaw } from "node:zlib";
import { FILTERS } from "#base/media/png/filters.ts";
import { pngChunks } from "#base/media/png/png-chunks.ts";
import { PIXELS, type PngHeader } from "#base/media/png/png-header.ts";

const SAMPLES = {
  [PIXELS.gray]: 1,
  [PIXELS.rgb]: 3,
  [PIXELS.palette]: 1,
  [PIXELS.grayAlpha]: 2,
  [PIXELS.rgba]: 4,
};

/** Returns how many samples a pixel of a file has. */
export const samplesOf = ({ pixels }: PngHeader): number => SAMPLES[pixels];

/**
 * Reads the rows of a PNG that is not interlaced, from top to bottom, as the bytes of their samples. A row is valid
 * until the next is read. Throws for a file that is damaged, or ends too early.
 */
export async function* readRows(file: Buffer, header: PngHeader): AsyncGenerator<Uint8Array> {
  const bitsPerPixel = samplesOf(header) * header.depth;
  const rowBytes = Math.ceil((header.width * bitsPerPixel) / 8);
  const pixelBytes = Math.max(1, bitsPerPixel / 8);
  let [row, above] = [new Uint8Array(rowBytes), new Uint8Array(rowBytes)];
  let left = header.height;
  for await (const line of readLines(file, 1 + rowBytes)) {
    const undo = FILTERS[line[0] as number];
    if (!undo) throw new Error(`a row has the filter ${line[0]}`);
    row.set(line.subarray(1));
    undo(row, above, pixelBytes);
    yield row;
    [row, above] = [above, row];
    left--;
    if (left === 0) return;
  }
  throw new Error("the picture ends too early");
}

/**
 * Unpacks the data of all chunks, and hands them out in pieces of `size` bytes. The checksum at their end is not read,
 * because some encoders write a wrong one, or none.
 */
async function* readLines(file: Buffer, size: number): AsyncGenerator<Uint8Array> {
  const unpack = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
  // Whoever reads the end of a pipeline has its failure.
  const inflate = pipeline(Readable.from(dataOf(file)), unpack, () => {});
  const line = new Uint8Array(size);
  let filled = 0;
  for await (const piece of inflate as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + size - filled);
      line.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      filled = 0;
      yield line;
    }
  }
}

/** How much is unpacked at once. */
const BYTES_AT_ONCE = 65_536;

/** Two bytes say how the data are packed, which is always the same way (RFC 1950). */
const ZLIB_HEAD_BYTES = 2;

function* dataOf(file: Buffer): Generator<Buffer> {
  let toSkip = ZLIB_HEAD_BYTES;
  for (const { type, data } of pngChunks(file)) {
    if (type !== "IDAT") continue;
    for (let at = toSkip; at < data.length; at += BYTES_AT_ONCE) yield data.subarray(at, at + BYTES_AT_ONCE);
    toSkip = Math.max(0, toSkip - data.length);
  }
}
