import { pngChunks } from "#base/media/png/png-chunks.ts";

/** The kinds of pixels (PNG specification, 11.2.2). */
export const PIXELS = { gray: 0, rgb: 2, palette: 3, grayAlpha: 4, rgba: 6 } as const;
export type Pixels = (typeof PIXELS)[keyof typeof PIXELS];

/** What a PNG says before its rows. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** The number of bits of a sample. */
  readonly depth: number;
  readonly pixels: Pixels;
  /** The rows come in seven passes, so none is known before the last. */
  readonly isInterlaced: boolean;
  /** Three bytes for each colour of a palette. */
  readonly palette: Buffer;
  /** The alpha of the colours of a palette, or the one colour that is transparent. */
  readonly transparency: Buffer;
  /** The chunks that say which colours are meant. */
  readonly colorChunks: readonly Buffer[];
}

/** The depths that each kind of pixels has. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  [PIXELS.gray]: [1, 2, 4, 8, 16],
  [PIXELS.rgb]: [8, 16],
  [PIXELS.palette]: [1, 2, 4, 8],
  [PIXELS.grayAlpha]: [8, 16],
  [PIXELS.rgba]: [8, 16],
};

const NO_DATA = Buffer.from("");

const COLOR_CHUNKS: ReadonlySet<string> = new Set(["iCCP", "sRGB", "gAMA", "cHRM", "cICP"]);
const HEADER_BYTES = 13;
/** The bytes behind the width and the height. */
type Fields = [depth: number, pixels: number, compression: number, filter: number, interlace: number];

/** Reads what comes before the rows of a PNG. Returns undefined for what is no PNG. */
export function readPngHeader(file: Buffer): PngHeader | undefined {
  let head: Buffer | undefined;
  const found: Record<string, Buffer> = {};
  const colorChunks: Buffer[] = [];
  for (const { type, data, start, end } of pngChunks(file)) {
    if (type === "IDAT") break;
    if (type === "IHDR") head = data;
    if (type === "PLTE" || type === "tRNS") found[type] = data;
    if (COLOR_CHUNKS.has(type)) colorChunks.push(file.subarray(start, end));
  }
  if (head?.length !== HEADER_BYTES) return undefined;
  const [depth, pixels, compression, filter, interlace] = [8, 9, 10, 11, 12].map((at) => head.readUInt8(at)) as Fields;
  const isKnown = DEPTHS[pixels]?.includes(depth) && compression === 0 && filter === 0 && interlace <= 1;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  if (!isKnown || width === 0 || height === 0) return undefined;
  const { PLTE: palette = NO_DATA, tRNS: transparency = NO_DATA } = found;
  const isInterlaced = interlace === 1;
  return { width, height, depth, pixels: pixels as Pixels, isInterlaced, palette, transparency, colorChunks };
}
