import { expect, test } from "bun:test";
import { coefficientBytesOf } from "#base/media/jpeg/coefficient-bytes.ts";
import { aPhoto } from "#testing/a-photo.ts";

/** A segment. Its length counts itself. */
const segment = (marker: number, ...data: number[]) => [0xff, marker, 0, data.length + 2, ...data];
const jpeg = (...segments: number[][]) => Buffer.from([0xff, 0xd8, ...segments.flat()]);

/** A frame of 256 × 512 pixels with such shares of samples for its components. */
const frame = (marker: number, ...sampling: number[]) =>
  segment(marker, 8, 2, 0, 1, 0, sampling.length, ...sampling.flatMap((share, index) => [index, share, 0]));
const scan = (components: number) => segment(0xda, components);
const PIXELS = 256 * 512;

test.each([
  ["of one scan", jpeg(frame(0xc0, 0x22, 0x11, 0x11), scan(3)), 0],
  ["of one scan, with other tables", jpeg(frame(0xc1, 0x11), scan(1)), 0],
  ["with a scan for each colour", jpeg(frame(0xc0, 0x11, 0x11, 0x11), scan(1)), 6 * PIXELS],
  ["that is progressive", jpeg(frame(0xc2, 0x11, 0x11, 0x11), scan(3)), 6 * PIXELS],
  ["with half of its colours across", jpeg(frame(0xc2, 0x21, 0x11, 0x11), scan(3)), 4 * PIXELS],
  ["with half of its colours on each side", jpeg(frame(0xc2, 0x22, 0x11, 0x11), scan(3)), 3 * PIXELS],
  ["of gray", jpeg(frame(0xc2, 0x44), scan(1)), 2 * PIXELS],
  ["of four inks", jpeg(frame(0xc2, 0x11, 0x11, 0x11, 0x11), scan(4)), 8 * PIXELS],
  ["with other segments before", jpeg(segment(0xe0, 1), [0xff], frame(0xc2, 0x11), segment(0xdb), scan(1)), 2 * PIXELS],
  ["of an unknown kind", jpeg(frame(0xc3, 0x11), scan(1)), undefined],
  ["without a frame", jpeg(scan(1)), undefined],
  ["without a scan", jpeg(frame(0xc0, 0x11)), undefined],
  ["with half a frame", jpeg(segment(0xc2, 8, 2, 0, 1, 0), scan(1)), undefined],
  ["whose frame has no components", jpeg(segment(0xc2, 8, 2, 0, 1, 0, 1), scan(1)), 0],
  ["that breaks off", jpeg(frame(0xc0, 0x11)).subarray(0, 5), undefined],
])("a JPEG %s", (_what, bytes, expected) => {
  expect(coefficientBytesOf(bytes)).toBe(expected);
});

test("files of an encoder", async () => {
  expect(coefficientBytesOf(await aPhoto(64, 32).jpeg().bytes())).toBe(0);
  const progressive = await aPhoto(64, 32).jpeg({ progressive: true }).bytes();
  expect(coefficientBytesOf(progressive)).toBeGreaterThanOrEqual(3 * 64 * 32);
});
