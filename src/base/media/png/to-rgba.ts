import { PIXELS, type PngHeader } from "#base/media/png/png-header.ts";
import { samplesOf } from "#base/media/png/read-rows.ts";

/** Turns a row of samples into four bytes for each pixel. The result is valid until the next call. */
export type ToRgba = (row: Uint8Array) => Uint8Array;

const OPAQUE = 255;

/** Creates what turns the rows of a PNG into red, green, blue and alpha. */
export function createToRgba(header: PngHeader): ToRgba {
  const { width, depth, pixels, transparency } = header;
  if (depth === 8 && pixels === PIXELS.rgba) return (row) => row;
  const rgba = new Uint8Array(width * 4);
  if (depth === 8 && pixels === PIXELS.rgb && transparency.length === 0) return (row) => fillFromRgb(rgba, row);
  const samples = new Uint16Array(width * samplesOf(header));
  const fill = pixels === PIXELS.palette ? fillFromPalette(header) : fillFromSamples(header);
  return (row) => fill(rgba, unpack(row, depth, samples));
}

/** Most large pictures have these pixels, so they have a short way. */
function fillFromRgb(rgba: Uint8Array, row: Uint8Array): Uint8Array {
  let from = 0;
  for (let to = 0; to < rgba.length; to += 4) {
    rgba[to] = row[from] as number;
    rgba[to + 1] = row[from + 1] as number;
    rgba[to + 2] = row[from + 2] as number;
    rgba[to + 3] = OPAQUE;
    from += 3;
  }
  return rgba;
}

type Fill = (rgba: Uint8Array, samples: Uint16Array) => Uint8Array;

/** Samples of less than a byte begin at its highest bit, and those of two bytes with the higher one. */
function unpack(row: Uint8Array, depth: number, samples: Uint16Array): Uint16Array {
  if (depth === 16) {
    for (let at = 0; at < samples.length; at++)
      samples[at] = ((row[2 * at] as number) << 8) | (row[2 * at + 1] as number);
    return samples;
  }
  const perByte = 8 / depth;
  const mask = (1 << depth) - 1;
  for (let at = 0; at < samples.length; at++) {
    const shift = 8 - depth * (1 + (at % perByte));
    samples[at] = ((row[Math.floor(at / perByte)] as number) >> shift) & mask;
  }
  return samples;
}

/** A colour that the palette lacks is black, because a list of bytes stores 0 for it. */
function fillFromPalette({ palette, transparency }: PngHeader): Fill {
  return (rgba, samples) => {
    for (let at = 0; at < samples.length; at++) {
      const index = samples[at] as number;
      rgba[4 * at] = palette[3 * index] as number;
      rgba[4 * at + 1] = palette[3 * index + 1] as number;
      rgba[4 * at + 2] = palette[3 * index + 2] as number;
      rgba[4 * at + 3] = transparency[index] ?? OPAQUE;
    }
    return rgba;
  };
}

function fillFromSamples(header: PngHeader): Fill {
  const { pixels, depth } = header;
  const count = samplesOf(header);
  const isGray = pixels === PIXELS.gray || pixels === PIXELS.grayAlpha;
  const hasAlpha = pixels === PIXELS.grayAlpha || pixels === PIXELS.rgba;
  const [toGreen, toBlue] = isGray ? [0, 0] : [1, 2];
  // Of two bytes, the higher one counts.
  const scale = depth === 16 ? 1 / 256 : 255 / (2 ** depth - 1);
  const clear = clearColorOf(header);
  return (rgba, samples) => {
    let to = 0;
    for (let from = 0; from < samples.length; from += count) {
      const red = samples[from] as number;
      const green = samples[from + toGreen] as number;
      const blue = samples[from + toBlue] as number;
      const alpha = hasAlpha ? (samples[from + count - 1] as number) * scale : OPAQUE;
      const isClear = clear !== undefined && red === clear[0] && green === clear[1] && blue === clear[2];
      rgba[to] = red * scale;
      rgba[to + 1] = green * scale;
      rgba[to + 2] = blue * scale;
      rgba[to + 3] = isClear ? 0 : alpha;
      to += 4;
    }
    return rgba;
  };
}

/** The one colour that is transparent, with two bytes for each sample. Pixels with an alpha of their own have none. */
function clearColorOf({ pixels, transparency }: PngHeader): readonly number[] | undefined {
  if (pixels === PIXELS.gray && transparency.length >= 2) {
    const gray = transparency.readUInt16BE(0);
    return [gray, gray, gray];
  }
  if (pixels !== PIXELS.rgb || transparency.length < 6) return undefined;
  return [0, 2, 4].map((at) => transparency.readUInt16BE(at));
}
