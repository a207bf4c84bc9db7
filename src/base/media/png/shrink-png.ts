import { pipeline, Readable } from "node:stream";
import { createDeflate } from "node:zlib";
import { PNG_SIGNATURE, toPngChunk } from "#base/media/png/png-chunks.ts";
import { PIXELS, type PngHeader, readPngHeader } from "#base/media/png/png-header.ts";
import { readRows } from "#base/media/png/read-rows.ts";
import { RowScaler, type Size } from "#base/media/png/row-scaler.ts";
import { createToRgba } from "#base/media/png/to-rgba.ts";

/**
 * Scales a PNG down without having all its pixels in memory. The result is a PNG without metadata, hardly compressed.
 * Throws for a file that is damaged or interlaced.
 */
export async function shrinkPng(file: Buffer, size: Size): Promise<ArrayBuffer> {
  const header = readPngHeader(file);
  if (!header || header.isInterlaced) throw new Error("the rows of the picture cannot be read one by one");
  const rows = Readable.from(scaledRows(file, header, size), { objectMode: false });
  // Whoever reads the end of a pipeline has its failure.
  const packed = pipeline(rows, createDeflate({ level: 1 }), () => {});
  const pieces: Buffer[] = [];
  for await (const piece of packed) pieces.push(piece as Buffer);
  const { colorChunks } = header;
  const [head, end] = [toPngChunk("IHDR", toHeader(size)), toPngChunk("IEND", new Uint8Array())];
  const chunks = [head, ...colorChunks, ...pieces.map((piece) => toPngChunk("IDAT", piece)), end];
  return new Blob([PNG_SIGNATURE, ...chunks]).arrayBuffer();
}

/** Each row begins with its filter, which is none. */
async function* scaledRows(file: Buffer, header: PngHeader, size: Size): AsyncGenerator<Buffer> {
  const scaler = new RowScaler(header, size);
  const toRgba = createToRgba(header);
  for await (const row of readRows(file, header)) {
    const scaled = scaler.take(toRgba(row));
    if (scaled) yield Buffer.concat([Buffer.alloc(1), scaled]);
  }
}

function toHeader({ width, height }: Size): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, PIXELS.rgba], 8);
  return header;
}
