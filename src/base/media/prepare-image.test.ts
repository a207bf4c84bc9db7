import { expect, test } from "bun:test";
import { randomFillSync } from "node:crypto";
import { crc32 } from "node:zlib";
import { holdsMetadata } from "#base/media/image-metadata.ts";
import { createImagePreparer, MAX_IMAGE_BYTES } from "#base/media/prepare-image.ts";
import { aBitmap, aPhoto } from "#testing/a-photo.ts";

const MAX_SIDE = 1_920;
const prepare = createImagePreparer();
const sizeOf = async (bytes: Uint8Array) => {
  const { width, height } = await new Bun.Image(bytes).metadata();
  return [width, height];
};

/** A PNG that says when it was taken. */
async function aDatedPng(): Promise<Buffer> {
  const png = Buffer.from(await aPhoto(4, 4).png().bytes());
  const body = Buffer.concat([Buffer.from("tIME"), Buffer.from([0x07, 0xea, 1, 2, 3, 4, 5])]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(7);
  sum.writeUInt32BE(crc32(body));
  // The signature and the header of a PNG have 33 bytes.
  return Buffer.concat([png.subarray(0, 33), length, body, sum, png.subarray(33)]);
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
])("%s keeps its format, and becomes smaller if a side is too long", async (mediaType, encode) => {
  const [fitting, wide, high] = await Promise.all(
    [aPhoto(MAX_SIDE, 2), aPhoto(MAX_SIDE * 2, 20), aPhoto(2, MAX_SIDE + 1)].map(async (photo) => ({
      bytes: await encode(photo).bytes(),
      mediaType,
    })),
  );
  if (!fitting || !wide || !high) throw new Error("a picture is missing");
  expect(await prepare(fitting)).toBe(fitting);
  const [ofWide, ofHigh] = await Promise.all([prepare(wide), prepare(high)]);
  expect([ofWide.mediaType, ofHigh.mediaType]).toEqual([mediaType, mediaType]);
  expect(await sizeOf(ofWide.bytes)).toEqual([MAX_SIDE, 10]);
  expect((await sizeOf(ofHigh.bytes))[1]).toBe(MAX_SIDE);
  expect((await new Bun.Image(ofWide.bytes).metadata()).format as string).toBe(mediaType.slice("image/".length));
});

test("data about a small picture are removed, and its size stays", async () => {
  const bytes = await aDatedPng();
  expect(holdsMetadata(bytes, "image/png")).toBe(true);
  const prepared = await prepare({ bytes, mediaType: "image/png" });
  expect(holdsMetadata(prepared.bytes, "image/png")).toBe(false);
  expect([prepared.mediaType, await sizeOf(prepared.bytes)]).toEqual(["image/png", [4, 4]]);
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
