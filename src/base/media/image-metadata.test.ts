import { describe, expect, test } from "bun:test";
import { holdsMetadata, withoutMetadata } from "#base/media/image-metadata.ts";

const ascii = (text: string) => Buffer.from(text, "latin1");
const png = (...types: string[]) =>
  Buffer.concat([ascii("\x89PNG\r\n\x1a\n"), ...types.map((type) => ascii(`\0\0\0\0${type}\0\0\0\0`))]);
/** Each chunk has the data `x`, which an odd length fills up. */
function webp(flags: number, ...types: string[]): Buffer {
  const chunks = types.map((type) => ascii(type === "VP8X" ? "VP8X\x0a\0\0\0____456789" : `${type}\x01\0\0\0x\0`));
  const file = Buffer.concat([ascii("RIFF\0\0\0\0WEBP"), ...chunks]);
  file.writeUInt32LE(file.length - 8, 4);
  if (types[0] === "VP8X") file.writeUInt8(flags, 20);
  return file;
}
/** Segments without content: the length of a segment counts itself. */
const jpeg = (...markers: number[]) =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), ...markers.map((marker) => Buffer.from([0xff, marker, 0, 2]))]);

test.each([
  ["image/png", png("IHDR", "IDAT", "IEND"), false],
  ["image/png", png("IHDR", "IDAT", "tEXt"), true],
  ["image/png", png("IHDR", "IEND", "tEXt"), false],
  ["image/png", png("eXIf", "IDAT"), true],
  ["image/webp", webp(0, "VP8X", "VP8 "), false],
  ["image/webp", webp(0, "VP8X", "EXIF"), true],
  ["image/webp", webp(0, "XMP ", "VP8 "), true],
  ["image/jpeg", jpeg(0xe0, 0xdb, 0xda), false],
  ["image/jpeg", jpeg(0xe0, 0xe1), true],
  ["image/jpeg", jpeg(0xfe), true],
  ["image/jpeg", jpeg(0xda, 0xe1), false],
  ["image/gif", ascii("GIF89a"), false],
  ["image/png", ascii("\x89PNG"), false],
  ["image/webp", ascii("RIFF"), false],
])("%s number %#", (type, bytes, expected) => {
  expect(holdsMetadata(bytes, type)).toBe(expected);
  expect(withoutMetadata(bytes, type) === bytes).toBe(!expected);
});

test("the length of a chunk is skipped, also an odd one", () => {
  const chunk = Buffer.concat([ascii("VP8 \x03\0\0\0abc\0"), ascii("EXIF\0\0\0\0")]);
  expect(holdsMetadata(Buffer.concat([webp(0), chunk]), "image/webp")).toBe(true);
  const text = Buffer.concat([ascii("\0\0\0\x04IDATtEXt\0\0\0\0"), ascii("\0\0\0\0IEND\0\0\0\0")]);
  expect(holdsMetadata(Buffer.concat([png(), text]), "image/png")).toBe(false);
});

describe("what is left without metadata", () => {
  test("a PNG has its other chunks", () => {
    const bytes = withoutMetadata(png("IHDR", "tEXt", "IDAT", "eXIf", "tIME", "IEND"), "image/png");
    expect(bytes).toEqual(png("IHDR", "IDAT", "IEND"));
  });

  test("a JPEG has its other segments, and its picture", () => {
    const picture = ascii("picture \xff\xfe\0\x02");
    const bytes = Buffer.concat([jpeg(0xe0, 0xe1, 0xed, 0xe2, 0xfe, 0xda), picture]);
    expect(withoutMetadata(bytes, "image/jpeg")).toEqual(Buffer.concat([jpeg(0xe0, 0xe2, 0xda), picture]));
  });

  test("a WebP has its other chunks, and says so", () => {
    const bytes = withoutMetadata(webp(0xff, "VP8X", "VP8 ", "EXIF", "XMP "), "image/webp");
    expect(bytes).toEqual(webp(0xf3, "VP8X", "VP8 "));
    expect(withoutMetadata(webp(0, "VP8 ", "EXIF"), "image/webp")).toEqual(webp(0, "VP8 "));
  });

  test("a WebP that breaks off within its head has what came before", () => {
    const exif = ascii("EXIF\0\0\0\0");
    const head = ascii("VP8X\x0a\0\0\0");
    const left = (...parts: Buffer[]) => withoutMetadata(Buffer.concat([webp(0), exif, ...parts]), "image/webp");
    expect(left(head).subarray(12)).toEqual(head);
    expect(left(head, Buffer.from([0xff])).subarray(12)).toEqual(Buffer.concat([head, Buffer.from([0xf3])]));
  });

  test("a file that breaks off has what came before", () => {
    const whole = png("IHDR", "tEXt", "IDAT");
    expect(withoutMetadata(whole.subarray(0, -6), "image/png")).toEqual(png("IHDR", "IDAT").subarray(0, -6));
    expect(withoutMetadata(jpeg(0xe0, 0xe1).subarray(0, -1), "image/jpeg")).toEqual(jpeg(0xe0, 0xe1).subarray(0, -1));
  });
});

test("a file of millions of parts is not read to its end", () => {
  const bytes = Buffer.concat([png(...Array(20_000).fill("IDAT")), png("tEXt").subarray(8)]);
  expect(holdsMetadata(bytes, "image/png")).toBe(false);
});
