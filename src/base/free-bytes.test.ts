import { expect, test } from "bun:test";
import { freeBytes } from "#base/free-bytes.ts";

test("freed bytes are gone", () => {
  const bytes = Buffer.from("A".repeat(100_000), "base64");
  freeBytes(bytes);
  expect(bytes.byteLength).toBe(0);
});

test("bytes that share their memory stay", () => {
  const whole = Buffer.alloc(100_000, 1);
  freeBytes(whole.subarray(1));
  expect([whole.byteLength, whole[99_999]]).toEqual([100_000, 1]);
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  freeBytes(shared);
  expect(shared.byteLength).toBe(8);
});
