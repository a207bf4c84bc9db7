import { expect, test } from "bun:test";
import { isPlainWebp } from "#base/media/is-plain-webp.ts";
import { aPhoto } from "#testing/a-photo.ts";
import { aClearPng } from "#testing/png-file.ts";

test("a WebP of an encoder is plain if it is not transparent", async () => {
  const clear = new Bun.Image(aClearPng(4, 4));
  expect(isPlainWebp(await clear.webp().bytes())).toBe(false);
  expect(isPlainWebp(await clear.webp({ lossless: true }).bytes())).toBe(false);
  expect(isPlainWebp(await aPhoto(4, 4).webp().bytes())).toBe(true);
});

test.each([
  ["with a profile and metadata", [0xed], true],
  ["with transparency", [0x10], false],
  ["with an animation", [0x02], false],
  ["that breaks off", [], false],
])("an extended WebP %s", (_what, flags, expected) => {
  expect(isPlainWebp(Buffer.concat([Buffer.from("RIFF____WEBPVP8X____"), Buffer.from(flags)]))).toBe(expected);
});

test("what is no WebP is not plain", () => {
  expect(isPlainWebp(Buffer.alloc(0))).toBe(false);
});
