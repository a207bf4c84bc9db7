import { expect, test } from "bun:test";
import { mayBeTransparent } from "#base/media/webp-transparency.ts";
import { aPhoto } from "#testing/a-photo.ts";
import { aClearPng } from "#testing/png-file.ts";

test("a WebP says whether it may be transparent", async () => {
  const clear = new Bun.Image(aClearPng(4, 4));
  expect(mayBeTransparent(await clear.webp().bytes())).toBe(true);
  expect(mayBeTransparent(await clear.webp({ lossless: true }).bytes())).toBe(true);
  expect(mayBeTransparent(await aPhoto(4, 4).webp().bytes())).toBe(false);
  const extended = (flags: number) => Buffer.concat([Buffer.from("RIFF____WEBPVP8X____"), Buffer.from([flags])]);
  expect([mayBeTransparent(extended(0x10)), mayBeTransparent(extended(0xef))]).toEqual([true, false]);
  expect([mayBeTransparent(extended(0).subarray(0, 20)), mayBeTransparent(Buffer.alloc(0))]).toEqual([false, true]);
});
