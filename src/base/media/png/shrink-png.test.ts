import { expect, test } from "bun:test";
import { randomFillSync } from "node:crypto";
import fc from "fast-check";
import { readPngHeader } from "#base/media/png/png-header.ts";
import { RowScaler, type Size } from "#base/media/png/row-scaler.ts";
import { shrinkPng } from "#base/media/png/shrink-png.ts";
import { aPngFile, readPixels } from "#testing/png-file.ts";

/** Scales the pixels of a picture, four bytes each. */
function scale(pixels: Uint8Array, from: Size, to: Size): number[] {
  const scaler = new RowScaler(from, to);
  return Array.from({ length: from.height }, (_, y) => [
    ...(scaler.take(pixels.subarray(4 * from.width * y)) ?? []),
  ]).flat();
}

test("a pixel is the mean of those that it covers", () => {
  const pixels = Uint8Array.from(
    [
      [10, 20, 30, 255],
      [30, 40, 50, 255],
      [50, 60, 70, 255],
      [70, 80, 90, 255],
    ].flat(),
  );
  expect(scale(pixels, { width: 2, height: 2 }, { width: 1, height: 1 })).toEqual([40, 50, 60, 255]);
  expect(scale(pixels, { width: 4, height: 1 }, { width: 2, height: 1 })).toEqual([20, 30, 40, 255, 60, 70, 80, 255]);
  expect(scale(pixels, { width: 1, height: 4 }, { width: 1, height: 2 })).toEqual([20, 30, 40, 255, 60, 70, 80, 255]);
});

test("a pixel that two others share counts for each in part", () => {
  const pixels = Uint8Array.from(
    [
      [0, 0, 0, 255],
      [90, 90, 90, 255],
      [240, 240, 240, 255],
    ].flat(),
  );
  const expected = [30, 30, 30, 255, 190, 190, 190, 255];
  expect(scale(pixels, { width: 3, height: 1 }, { width: 2, height: 1 })).toEqual(expected);
  expect(scale(pixels, { width: 1, height: 3 }, { width: 1, height: 2 })).toEqual(expected);
});

test("transparent pixels have no colour to add", () => {
  const pixels = Uint8Array.from(
    [
      [200, 100, 0, 255],
      [9, 9, 9, 0],
      [7, 7, 7, 0],
      [5, 5, 5, 0],
    ].flat(),
  );
  expect(scale(pixels, { width: 2, height: 1 }, { width: 1, height: 1 })).toEqual([200, 100, 0, 128]);
  expect(scale(pixels.subarray(4), { width: 3, height: 1 }, { width: 1, height: 1 })).toEqual([0, 0, 0, 0]);
});

test("hardly visible pixels keep their colour", () => {
  const pixels = Uint8Array.from(
    [
      [9, 8, 7, 1],
      [9, 8, 7, 1],
      [3, 2, 1, 1],
      [3, 2, 1, 1],
    ].flat(),
  );
  expect(scale(pixels, { width: 4, height: 1 }, { width: 2, height: 1 })).toEqual([9, 8, 7, 1, 3, 2, 1, 1]);
});

test("a picture of one colour keeps it, in every size", () => {
  const side = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(side, side, side, side, fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), (a, b, c, d, color) => {
      const [from, to] = [
        { width: Math.max(a, b), height: Math.max(c, d) },
        { width: Math.min(a, b), height: Math.min(c, d) },
      ];
      const pixel = [...color, 255];
      const pixels = Uint8Array.from({ length: 4 * from.width * from.height }, (_, at) => pixel[at % 4] ?? 0);
      const expected = Array.from({ length: 4 * to.width * to.height }, (_, at) => pixel[at % 4] ?? 0);
      expect(scale(pixels, from, to)).toEqual(expected);
    }),
  );
});

test("a file is scaled as another program scales it, and keeps its profile of colours", async () => {
  const [width, height] = [64, 48];
  const rows = randomFillSync(Buffer.alloc((1 + 4 * width) * height), 1);
  for (let y = 0; y < height; y++) {
    rows[y * (1 + 4 * width)] = 0;
    for (let x = 1; x <= width; x++) rows[y * (1 + 4 * width) + 4 * x] = 255;
  }
  const chunks = { gAMA: Buffer.from([0, 0, 0xb1, 0x8f]), tEXt: Buffer.from("Title\\0Hanoi") };
  const file = aPngFile({ width, height, rows, chunks });
  const shrunk = Buffer.from(await shrinkPng(file, { width: 32, height: 24 }));
  expect(shrunk.toString("latin1")).toContain("gAMA");
  expect(shrunk.toString("latin1")).not.toContain("Hanoi");
  const other = Buffer.from(await new Bun.Image(file).resize(32, 24, { filter: "box" }).png().bytes());
  const [ours, theirs] = await Promise.all([readPixels(shrunk), readPixels(other)]);
  expect(ours.length).toBe(4 * 32 * 24);
  expect(Math.max(...ours.map((value, at) => Math.abs(value - (theirs[at] ?? 0))))).toBeLessThanOrEqual(1);
});

test("an interlaced file, and what is no PNG, are refused", async () => {
  const file = aPngFile({ width: 1, height: 1, isInterlaced: true, rows: Buffer.alloc(5) });
  expect(readPngHeader(file)?.isInterlaced).toBe(true);
  for (const bytes of [file, Buffer.from("no picture")]) {
    await expect(shrinkPng(bytes, { width: 1, height: 1 })).rejects.toThrow("one by one");
  }
});

test("a damaged file is refused with its fault", async () => {
  const picture = { width: 9, height: 9, rows: Buffer.alloc(9 * (1 + 4 * 9)) };
  const broken = [aPngFile({ ...picture, height: 10 }), aPngFile(picture).subarray(0, 43)];
  for (const file of broken) await expect(shrinkPng(file, { width: 3, height: 3 })).rejects.toThrow("ends too early");
  const wrong = aPngFile({ ...picture, damage: (packed) => packed.fill(0xff, 2) });
  await expect(shrinkPng(wrong, { width: 3, height: 3 })).rejects.toThrow("invalid");
});
