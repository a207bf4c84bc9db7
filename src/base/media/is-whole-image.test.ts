import { expect, test } from "bun:test";
import { isWholeImage } from "#base/media/is-whole-image.ts";
import { aPhoto } from "#testing/a-photo.ts";

test("an image is whole if it can be decoded to its end", async () => {
  const bytes = await aPhoto(64, 64).png().bytes();
  expect(await isWholeImage(bytes)).toBe(true);
  expect(await isWholeImage(bytes.subarray(0, 40))).toBe(false);
  expect(await isWholeImage(Buffer.from("no image"))).toBe(false);
});
