/** A segment of a JPEG, from its marker to its last byte. */
export interface JpegSegment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

export const START_OF_SCAN = 0xda;

/** Reads the segments of a JPEG, up to the one that its picture follows (ITU-T T.81, annex B). */
export function* jpegSegments(file: Buffer): Generator<JpegSegment> {
  let start = 2;
  while (start + 4 <= file.length && file[start] === 0xff) {
    const marker = file.readUInt8(start + 1);
    // A length counts itself. Any number of bytes 0xff may come before a marker.
    const end = Math.min(file.length, start + (marker === 0xff ? 1 : 2 + file.readUInt16BE(start + 2)));
    yield { marker, start, end };
    if (marker === START_OF_SCAN) return;
    start = end;
  }
}
