import { deflateSync } from "node:zlib";
import { PNG_SIGNATURE, toPngChunk } from "#base/media/png/png-chunks.ts";
import { readPngHeader } from "#base/media/png/png-header.ts";
import { readRows } from "#base/media/png/read-rows.ts";
import { createToRgba } from "#base/media/png/to-rgba.ts";

export interface PngFile {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  /** 0 is gray, 2 RGB, 3 a palette, 4 gray with alpha, and 6 RGBA. */
  readonly pixels?: 0 | 2 | 3 | 4 | 6;
  readonly isInterlaced?: boolean;
  /** Chunks before the rows, by their types. */
  readonly chunks?: Readonly<Record<string, Uint8Array>>;
  /** The filter and the bytes of each row. */
  readonly rows: Uint8Array;
  /** Into how many chunks the rows are cut. */
  readonly parts?: number;
  /** Changes the packed rows. */
  readonly damage?: (packed: Buffer) => Buffer;
}

/** A PNG that no encoder of ours writes. */
export function aPngFile({ parts = 1, damage = (packed) => packed, ...file }: PngFile): Buffer {
  const { width, height, depth = 8, pixels = 6, isInterlaced, chunks, rows } = file;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([depth, pixels, 0, 0, isInterlaced ? 1 : 0], 8);
  const packed = damage(deflateSync(rows));
  const size = Math.ceil(packed.length / parts);
  return Buffer.concat([
    PNG_SIGNATURE,
    toPngChunk("IHDR", head),
    ...Object.entries(chunks ?? {}).map(([type, data]) => toPngChunk(type, data)),
    ...Array.from({ length: parts }, (_, part) => toPngChunk("IDAT", packed.subarray(part * size, (part + 1) * size))),
    toPngChunk("IEND", new Uint8Array()),
  ]);
}

/** A PNG of which each pixel is transparent. */
export const aClearPng = (width: number, height: number): Buffer =>
  aPngFile({ width, height, rows: Buffer.alloc((1 + 4 * width) * height) });

/** Reads all pixels of a PNG as red, green, blue and alpha. */
export async function readPixels(file: Buffer): Promise<Buffer> {
  const header = readPngHeader(file);
  if (!header) throw new Error("no PNG");
  const toRgba = createToRgba(header);
  const rows: Buffer[] = [];
  for await (const row of readRows(file, header)) rows.push(Buffer.from(toRgba(row)));
  return Buffer.concat(rows);
}
