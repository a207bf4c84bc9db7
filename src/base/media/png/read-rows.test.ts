import { describe, expect, test } from "bun:test";
import { randomFillSync } from "node:crypto";
import { pngChunks, toPngChunk } from "#base/media/png/png-chunks.ts";
import { readPngHeader } from "#base/media/png/png-header.ts";
import { aPngFile, type PngFile, readPixels } from "#testing/png-file.ts";

/** What another decoder reads. Its encoder writes eight bits for each sample, as one kind of pixels. */
const readByOther = async (file: Buffer) => readPixels(Buffer.from(await new Bun.Image(file).png().bytes()));

const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const [WIDTH, HEIGHT] = [37, 23];

/** A picture of random bytes, in which each filter is used. */
function aNoise({ depth = 8, pixels = 6, chunks, parts }: Partial<PngFile>): Buffer {
  const rowBytes = 1 + Math.ceil((WIDTH * SAMPLES[pixels] * depth) / 8);
  const rows = randomFillSync(Buffer.alloc(rowBytes * HEIGHT));
  for (let y = 0; y < HEIGHT; y++) rows[y * rowBytes] = y % 5;
  return aPngFile({
    width: WIDTH,
    height: HEIGHT,
    depth,
    pixels,
    rows,
    ...(chunks && { chunks }),
    ...(parts && { parts }),
  });
}

const palette = (colors: number) => ({ PLTE: randomFillSync(Buffer.alloc(3 * colors)) });

describe("the pixels are those that another decoder reads", () => {
  test.each([
    [0, 1],
    [0, 2],
    [0, 4],
    [0, 8],
    [0, 16],
    [2, 8],
    [2, 16],
    [4, 8],
    [4, 16],
    [6, 8],
    [6, 16],
  ] as const)("kind %d with %d bits", async (pixels, depth) => {
    const file = aNoise({ pixels, depth });
    expect(await readPixels(file)).toEqual(await readByOther(file));
  });

  test.each([1, 2, 4, 8])("a palette with %d bits", async (depth) => {
    const chunks = { ...palette(2 ** depth), tRNS: Buffer.from([0, 128]) };
    const file = aNoise({ pixels: 3, depth, chunks });
    expect(await readPixels(file)).toEqual(await readByOther(file));
  });
});

test.each([
  [0, 8, [0, 7], [7, 8]],
  [0, 2, [0, 1], [0b01_10_00_00]],
  [2, 8, [0, 1, 0, 2, 0, 3], [1, 2, 3, 1, 2, 4]],
  [2, 16, [0, 1, 0, 2, 0, 3], [0, 1, 0, 2, 0, 3, 0, 1, 0, 2, 1, 3]],
] as const)("one colour of kind %d with %d bits is transparent", async (pixels, depth, color, row) => {
  const chunks = { tRNS: Buffer.from(color) };
  const file = aPngFile({ width: 2, height: 1, pixels, depth, chunks, rows: Buffer.from([0, ...row]) });
  const [, , , first, , , , second] = await readPixels(file);
  expect([first, second]).toEqual([0, 255]);
  expect(await readPixels(file)).toEqual(await readByOther(file));
});

describe("what encoders do differently", () => {
  const rows = randomFillSync(Buffer.alloc((1 + 4 * WIDTH) * HEIGHT));
  for (let y = 0; y < HEIGHT; y++) rows[y * (1 + 4 * WIDTH)] = 0;
  const picture = { width: WIDTH, height: HEIGHT, rows };

  test.each([
    ["a chunk for each byte", { parts: 4_000 }],
    [
      "a wrong checksum, as phones write it",
      { damage: (packed: Buffer) => Buffer.from(packed).fill(0, packed.length - 4) },
    ],
    ["no checksum", { damage: (packed: Buffer) => packed.subarray(0, -4) }],
    ["more data than rows", { rows: Buffer.concat([rows, Buffer.alloc(500)]) }],
    ["data behind the packed ones", { damage: (packed: Buffer) => Buffer.concat([packed, Buffer.alloc(300, 7)]) }],
    ["chunks between others", { chunks: { sRGB: Buffer.from([0]), acTL: Buffer.alloc(8) } }],
  ])("%s", async (_what, change) => {
    expect(await readPixels(aPngFile({ ...picture, ...change }))).toEqual(await readPixels(aPngFile(picture)));
  });

  test("no end", async () => {
    const file = aPngFile(picture);
    expect(await readPixels(file.subarray(0, -12))).toEqual(await readPixels(file));
  });
});

test("a chunk has its length, its type and its checksum", () => {
  expect(toPngChunk("IEND", new Uint8Array()).toString("hex")).toBe("0000000049454e44ae426082");
  expect(toPngChunk("gAMA", Buffer.from([0, 0, 0xb1, 0x8f])).toString("hex")).toBe("0000000467414d410000b18f0bfc6105");
});

test("a file has chunks up to its end, and none behind", () => {
  const file = Buffer.concat([
    aPngFile({ width: 1, height: 1, rows: Buffer.alloc(5) }),
    toPngChunk("tEXt", Buffer.from("x")),
  ]);
  expect([...pngChunks(file)].map(({ type }) => type)).toEqual(["IHDR", "IDAT", "IEND"]);
});

test("a colour that the palette lacks is black", async () => {
  const chunks = { PLTE: Buffer.from([1, 2, 3]), tRNS: Buffer.from([77]) };
  const file = aPngFile({ width: 2, height: 1, pixels: 3, chunks, rows: Buffer.from([0, 0, 9]) });
  expect([...(await readPixels(file))]).toEqual([1, 2, 3, 77, 0, 0, 0, 255]);
});

describe("a damaged file", () => {
  const rows = Buffer.alloc((1 + 4 * WIDTH) * HEIGHT);

  test.each([
    ["with too few rows", aPngFile({ width: WIDTH, height: HEIGHT + 1, rows }), "ends too early"],
    ["with an unknown filter", aPngFile({ width: WIDTH, height: HEIGHT, rows: Buffer.from(rows).fill(5) }), "filter 5"],
    ["that breaks off", aNoise({}).subarray(0, 200), "ends too early"],
    ["whose data are no data", Buffer.from(aNoise({})).fill(0x55, 41, 300), /./],
  ])("%s is refused", async (_what, file, message) => {
    await expect(readPixels(file)).rejects.toThrow(message);
  });
});

describe("a header", () => {
  const aHeader = (change: (head: Buffer) => void) => {
    const file = aNoise({});
    // The data of the header begin behind the signature, its length and its type.
    change(file.subarray(16, 29));
    return readPngHeader(file);
  };

  test.each([
    ["without pixels", (head: Buffer) => head.writeUInt32BE(0, 0)],
    ["without rows", (head: Buffer) => head.writeUInt32BE(0, 4)],
    ["with an unknown depth", (head: Buffer) => head.writeUInt8(3, 8)],
    ["with a depth that its kind has not", (head: Buffer) => head.writeUInt8(4, 8)],
    ["with an unknown kind of pixels", (head: Buffer) => head.writeUInt8(5, 9)],
    ["with an unknown compression", (head: Buffer) => head.writeUInt8(1, 10)],
    ["with unknown filters", (head: Buffer) => head.writeUInt8(1, 11)],
    ["with an unknown order of rows", (head: Buffer) => head.writeUInt8(2, 12)],
  ])("%s cannot be read", (_what, change) => {
    expect(aHeader(change)).toBeUndefined();
  });

  test("says whether rows are interlaced", () => {
    expect(aHeader((head) => head.writeUInt8(1, 12))?.isInterlaced).toBe(true);
  });

  test("is missing in other files", () => {
    expect(readPngHeader(Buffer.from("no picture"))).toBeUndefined();
    expect(readPngHeader(Buffer.alloc(100))).toBeUndefined();
  });
});
