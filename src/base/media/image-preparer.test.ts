import { describe, expect, test } from "bun:test";
import { randomFillSync } from "node:crypto";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { holdsMetadata } from "#base/media/image-metadata.ts";
import { ImagePreparer } from "#base/media/image-preparer.ts";
import { MAX_IMAGE_BYTES, MAX_SIDE, MAX_WHOLE_PIXELS, type Picture } from "#base/media/picture.ts";
import { toPngChunk } from "#base/media/png/png-chunks.ts";
import { aBitmap, aPhoto } from "#testing/a-photo.ts";
import { aClearPng, aPngFile } from "#testing/png-file.ts";

const preparer = new ImagePreparer();
const prepare = (picture: Picture) => preparer.prepare(picture, MASTER_TENANT_ID);
const prepareWhole = (picture: Picture) => preparer.prepareWhole(picture, MASTER_TENANT_ID);
const sizeOf = async (bytes: Uint8Array) => {
  const { width, height } = await new Bun.Image(bytes).metadata();
  return [width, height];
};
const formatOf = async (bytes: Uint8Array): Promise<string> =>
  `image/${(await new Bun.Image(bytes).metadata()).format}`;
const aLargePhoto = (width: number, height: number) => aPhoto(40, 30).resize(width, height);

/** A PNG that says when it was taken. */
async function aDatedPng(photo: Bun.Image): Promise<Buffer> {
  const png = Buffer.from(await photo.png().bytes());
  const date = toPngChunk("tIME", Buffer.from([0x07, 0xea, 1, 2, 3, 4, 5]));
  // The signature and the header of a PNG have 33 bytes.
  return Buffer.concat([png.subarray(0, 33), date, png.subarray(33)]);
}

/** A picture that no format can make small. */
async function aNoise(width: number, height: number): Promise<Uint8Array> {
  const { bitmap } = aBitmap(width, height, 4);
  randomFillSync(bitmap, 54);
  return new Bun.Image(bitmap).png().bytes();
}

test.each([
  ["image/png", (photo: Bun.Image) => photo.png()],
  ["image/jpeg", (photo: Bun.Image) => photo.jpeg()],
  ["image/webp", (photo: Bun.Image) => photo.webp()],
])("%s stays as it is, up to the longest side", async (mediaType, encode) => {
  const picture = { bytes: await encode(aPhoto(MAX_SIDE, 2)).bytes(), mediaType };
  expect(await prepare(picture)).toBe(picture);
});

test("a large PNG has the longest side afterwards", async () => {
  const prepared = async (photo: Bun.Image) => {
    const { bytes, mediaType } = await prepare({ bytes: await photo.png().bytes(), mediaType: "image/png" });
    expect([mediaType, await formatOf(bytes)]).toEqual(["image/png", "image/png"]);
    return sizeOf(bytes);
  };
  expect(await prepared(aPhoto(MAX_SIDE * 2, 20))).toEqual([MAX_SIDE, 10]);
  expect(await prepared(aPhoto(2, MAX_SIDE + 1))).toEqual([2, MAX_SIDE]);
  expect(await prepared(aLargePhoto(3_000, 2_250))).toEqual([MAX_SIDE, 1_440]);
});

test("a large JPEG has as many eighths of its sides as fit", async () => {
  const prepared = async (width: number, height: number) => {
    const picture = { bytes: await aLargePhoto(width, height).jpeg().bytes(), mediaType: "image/jpeg" };
    const { bytes, mediaType } = await prepare(picture);
    expect([mediaType, await formatOf(bytes)]).toEqual(["image/jpeg", "image/jpeg"]);
    return sizeOf(bytes);
  };
  expect(await prepared(3_840, 2_160)).toEqual([1_920, 1_080]);
  expect(await prepared(4_032, 3_024)).toEqual([1_512, 1_134]);
  expect(await prepared(1_001, 1_921)).toEqual([876, 1_681]);
  // An eighth would be 1,020 pixels.
  expect(await prepared(8_160, 6_120)).toEqual([1_785, 1_339]);
});

test("a large WebP becomes a JPEG, if it is not transparent", async () => {
  const photo = { bytes: await aLargePhoto(2_400, 1_200).webp().bytes(), mediaType: "image/webp" };
  const prepared = await prepare(photo);
  expect([prepared.mediaType, await sizeOf(prepared.bytes)]).toEqual(["image/jpeg", [1_800, 900]]);
  const transparent = {
    bytes: await new Bun.Image(aClearPng(2_400, 100)).webp().bytes(),
    mediaType: "image/webp",
  };
  expect(await prepare(transparent)).toBe(transparent);
});

describe("what would take too much memory keeps its size", () => {
  const [width, height] = [4_200, 3_000];

  test("a progressive JPEG, but it loses its metadata", async () => {
    const jpeg = Buffer.from(await aLargePhoto(width, height).jpeg({ progressive: true }).bytes());
    const bytes = Buffer.concat([
      jpeg.subarray(0, 2),
      Buffer.from([0xff, 0xfe, 0, 7]),
      Buffer.from("Hanoi"),
      jpeg.subarray(2),
    ]);
    const prepared = await prepare({ bytes, mediaType: "image/jpeg" });
    expect(Buffer.from(prepared.bytes)).toEqual(jpeg);
  });

  test("a smaller progressive JPEG is scaled", async () => {
    const bytes = await aLargePhoto(3_000, 2_000).jpeg({ progressive: true }).bytes();
    expect(await sizeOf((await prepare({ bytes, mediaType: "image/jpeg" })).bytes)).toEqual([1_875, 1_250]);
  });

  test("a WebP", async () => {
    const picture = { bytes: await aLargePhoto(width, height).webp().bytes(), mediaType: "image/webp" };
    expect(await prepare(picture)).toBe(picture);
    expect(await prepareWhole(picture)).toBe(picture);
  });

  test("a PNG of very long rows", async () => {
    const picture = { bytes: aClearPng(65_536, 1), mediaType: "image/png" };
    expect(await prepare(picture)).toBe(picture);
    const shorter = await prepare({ bytes: aClearPng(65_535, 1), mediaType: "image/png" });
    expect(await sizeOf(shorter.bytes)).toEqual([MAX_SIDE, 1]);
  });

  test("an interlaced PNG", async () => {
    // One row has all passes if it is one pixel high, and four of them are empty.
    const bytes = aPngFile({
      width: MAX_SIDE + 8,
      height: 1,
      isInterlaced: true,
      rows: Buffer.alloc(4 * MAX_SIDE + 40),
    });
    const picture = { bytes, mediaType: "image/png" };
    expect(await prepare(picture)).toBe(picture);
  });
});

test("data about a small picture are removed, and nothing else", async () => {
  const bytes = await aDatedPng(aPhoto(4, 4));
  expect(holdsMetadata(bytes, "image/png")).toBe(true);
  const prepared = await prepare({ bytes, mediaType: "image/png" });
  expect(prepared).toEqual({ bytes: Buffer.from(await aPhoto(4, 4).png().bytes()), mediaType: "image/png" });
});

test("a small JPEG without its metadata keeps its size", async () => {
  const jpeg = Buffer.from(await aPhoto(30, 20).jpeg().bytes());
  const bytes = Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, 0xe1, 0, 7]),
    Buffer.from("Hanoi"),
    jpeg.subarray(2),
  ]);
  const prepared = await prepare({ bytes, mediaType: "image/jpeg" });
  expect([prepared.mediaType, await sizeOf(prepared.bytes)]).toEqual(["image/jpeg", [30, 20]]);
  expect(holdsMetadata(prepared.bytes, "image/jpeg")).toBe(false);
});

test("data about a large picture are removed", async () => {
  const bytes = await aDatedPng(aPhoto(MAX_SIDE + 1, 4));
  expect(holdsMetadata((await prepare({ bytes, mediaType: "image/png" })).bytes, "image/png")).toBe(false);
});

test("a PNG of many bytes becomes a WebP", async () => {
  const bytes = await aNoise(1_100, 1_200);
  expect(bytes.length).toBeGreaterThan(MAX_IMAGE_BYTES);
  const prepared = await prepare({ bytes, mediaType: "image/png" });
  expect([prepared.mediaType, await sizeOf(prepared.bytes)]).toEqual(["image/webp", [1_100, 1_200]]);
  expect(prepared.bytes.length).toBeLessThan(MAX_IMAGE_BYTES);
});

test("an animation, and what is no image, stay as they are", async () => {
  const animation = {
    bytes: await aPhoto(MAX_SIDE + 1, 2)
      .png()
      .bytes(),
    mediaType: "image/gif",
  };
  const text = { bytes: Buffer.from("no image"), mediaType: "image/png" };
  expect(await prepare(animation)).toBe(animation);
  expect(await prepare(text)).toBe(text);
});

describe("an image is whole if it can be decoded to its end", () => {
  test.each([
    ["small", 64, 64],
    ["large", 3_000, 2_000],
  ])("a %s one", async (_what, width, height) => {
    expect(width * height > MAX_WHOLE_PIXELS).toBe(width > 64);
    const bytes = await aLargePhoto(width, height).png().bytes();
    expect(await prepareWhole({ bytes, mediaType: "image/png" })).toBeDefined();
    const broken = bytes.subarray(0, bytes.length / 2);
    expect(await prepareWhole({ bytes: broken, mediaType: "image/png" })).toBeUndefined();
  });

  test("and others are not", async () => {
    const text = Buffer.from("no image");
    expect(await prepareWhole({ bytes: text, mediaType: "image/png" })).toBeUndefined();
    expect(await prepareWhole({ bytes: text, mediaType: "image/jpeg" })).toBeUndefined();
  });
});
