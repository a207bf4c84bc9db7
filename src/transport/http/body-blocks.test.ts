import { expect, test } from "bun:test";
import { BodyBlocks, joinBlocks } from "#transport/http/body-blocks.ts";

const BLOCK = 512 * 1_024;
const counting = (length: number, from = 0) => Uint8Array.from({ length }, (_, index) => (from + index) % 251);

test.each([
  ["nothing", []],
  ["one byte", [1]],
  ["exactly one block", [BLOCK]],
  ["exactly two blocks in odd parts", [1, BLOCK - 2, BLOCK + 1]],
  ["a part of several blocks", [10, 3 * BLOCK + 5, 7]],
])("%s comes out as it came in", (_, lengths) => {
  const blocks = new BodyBlocks();
  let size = 0;
  for (const length of lengths) {
    blocks.add(counting(length, size));
    size += length;
  }
  const joined = joinBlocks(blocks.end());
  expect(joined.byteLength).toBe(size);
  expect(Buffer.compare(joined, counting(size))).toBe(0);
});

test("a body in parts of one byte takes blocks, not one object for each byte", () => {
  const blocks = new BodyBlocks();
  for (let index = 0; index < BLOCK + 1; index++) blocks.add(new Uint8Array([7]));
  expect(blocks.end().map(({ byteLength }) => byteLength)).toEqual([BLOCK, 1]);
});

test("a part is freed as soon as it is copied, unless it shares its buffer", () => {
  const blocks = new BodyBlocks();
  const own = counting(100);
  const shared = counting(100).subarray(0, 50);
  blocks.add(own);
  blocks.add(shared);
  expect([own.byteLength, shared.byteLength]).toEqual([0, 50]);
});
