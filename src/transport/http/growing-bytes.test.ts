import { expect, test } from "bun:test";
import { freeBytes, GrowingBytes } from "#transport/http/growing-bytes.ts";

const STEP = 512 * 1_024;
const MAX = 4 * STEP;
const counting = (length: number, from = 0) => Uint8Array.from({ length }, (_, index) => (from + index) % 251);

test.each([
  ["nothing", []],
  ["one byte", [1]],
  ["exactly one step", [STEP]],
  ["exactly two steps in odd parts", [1, STEP - 2, STEP + 1]],
  ["a part of several steps", [10, 3 * STEP + 5, 7]],
  ["as much as may come", [MAX - 1, 1]],
])("%s comes out as it came in", (_, lengths) => {
  const bytes = new GrowingBytes(MAX);
  let size = 0;
  for (const length of lengths) {
    bytes.add(counting(length, size));
    size += length;
  }
  const all = bytes.end();
  expect(all.byteLength).toBe(size);
  expect(Buffer.compare(all, counting(size))).toBe(0);
});

test("the memory grows in steps, not with each byte, and never to more than may come", () => {
  const bytes = new GrowingBytes(MAX);
  for (let index = 0; index < STEP + 1; index++) bytes.add(new Uint8Array([7]));
  expect(bytes.end().buffer.byteLength).toBe(2 * STEP);
  const few = new GrowingBytes(100);
  few.add(counting(3));
  expect(few.end().buffer.byteLength).toBe(100);
});

test("a part is freed as soon as it is copied, unless it shares its buffer", () => {
  const bytes = new GrowingBytes(MAX);
  const own = counting(100);
  const shared = counting(100).subarray(0, 50);
  bytes.add(own);
  bytes.add(shared);
  expect([own.byteLength, shared.byteLength]).toEqual([0, 50]);
});

test("collected bytes can be freed", () => {
  const bytes = new GrowingBytes(MAX);
  bytes.add(counting(10));
  const all = bytes.end();
  freeBytes(all);
  expect([all.byteLength, all.buffer.byteLength]).toEqual([0, 0]);
});
