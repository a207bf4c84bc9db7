import { expect, test } from "bun:test";
import { holdsMetadata } from "#base/media/image-metadata.ts";

const ascii = (text: string) => Buffer.from(text, "latin1");
const png = (...types: string[]) =>
  Buffer.concat([ascii("\x89PNG\r\n\x1a\n"), ...types.map((type) => ascii(`\0\0\0\0${type}\0\0\0\0`))]);
const webp = (...types: string[]) =>
  Buffer.concat([ascii("RIFF\0\0\0\0WEBP"), ...types.map((type) => ascii(`${type}\0\0\0\0`))]);
/** Segments without content: the length of a segment counts itself. */
const jpeg = (...markers: number[]) =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), ...markers.map((marker) => Buffer.from([0xff, marker, 0, 2]))]);

test.each([
  ["image/png", png("IHDR", "IDAT", "IEND"), false],
  ["image/png", png("IHDR", "IDAT", "tEXt"), true],
  ["image/png", png("eXIf", "IDAT"), true],
  ["image/webp", webp("VP8X", "VP8 "), false],
  ["image/webp", webp("VP8X", "EXIF"), true],
  ["image/webp", webp("XMP ", "VP8 "), true],
  ["image/jpeg", jpeg(0xe0, 0xdb, 0xda), false],
  ["image/jpeg", jpeg(0xe0, 0xe1), true],
  ["image/jpeg", jpeg(0xfe), true],
  ["image/jpeg", jpeg(0xda, 0xe1), false],
  ["image/gif", ascii("GIF89a"), false],
  ["image/png", ascii("\x89PNG"), false],
  ["image/webp", ascii("RIFF"), false],
])("%s number %#", (type, bytes, expected) => {
  expect(holdsMetadata(bytes, type)).toBe(expected);
});

test("the length of a chunk is skipped, also an odd one", () => {
  const chunk = Buffer.concat([ascii("VP8 \x03\0\0\0abc\0"), ascii("EXIF\0\0\0\0")]);
  expect(holdsMetadata(Buffer.concat([webp(), chunk]), "image/webp")).toBe(true);
  const text = Buffer.concat([ascii("\0\0\0\x04IDATtEXt\0\0\0\0"), ascii("\0\0\0\0IEND\0\0\0\0")]);
  expect(holdsMetadata(Buffer.concat([png(), text]), "image/png")).toBe(false);
});
