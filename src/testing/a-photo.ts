/** A black picture as BMP. Its rows of pixels begin after 54 bytes, and `row` is the length of one in bytes. */
export function aBitmap(width: number, height: number, bytesPerPixel: 3 | 4): { bitmap: Buffer; row: number } {
  const row = Math.ceil((width * bytesPerPixel) / 4) * 4;
  const bitmap = Buffer.alloc(54 + row * height);
  bitmap.write("BM");
  bitmap.writeUInt32LE(bitmap.length, 2);
  bitmap.writeUInt32LE(54, 10);
  bitmap.writeUInt32LE(40, 14);
  bitmap.writeInt32LE(width, 18);
  bitmap.writeInt32LE(height, 22);
  bitmap.writeUInt16LE(1, 26);
  bitmap.writeUInt16LE(8 * bytesPerPixel, 28);
  return { bitmap, row };
}

/** A picture whose left half is darker than its right half. `shade`, from 0 to 219, tells pictures apart. */
export function aPhoto(width: number, height: number, shade = 30): Bun.Image {
  const { bitmap, row } = aBitmap(width, height, 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      bitmap.fill(x < width / 2 ? shade : 220, 54 + y * row + x * 3, 57 + y * row + x * 3);
    }
  }
  return new Bun.Image(bitmap);
}

/** The bytes of a small PNG in base64. Another `shade` makes another picture. */
export const aPicture = async (shade = 30): Promise<string> =>
  Buffer.from(await aPhoto(4, 4, shade).png().bytes()).toString("base64");
