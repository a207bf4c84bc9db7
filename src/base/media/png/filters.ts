/** Restores the bytes of a row, which are stored as differences to their neighbours. */
type UndoFilter = (row: Uint8Array, above: Uint8Array, pixelBytes: number) => void;

/** None, Sub, Up, Average and Paeth, by their numbers (PNG specification, 9.2). */
export const FILTERS: readonly UndoFilter[] = [() => {}, undoSub, undoUp, undoAverage, undoPaeth];

function undoSub(row: Uint8Array, _above: Uint8Array, pixelBytes: number): void {
  for (let at = pixelBytes; at < row.length; at++) row[at] = (row[at] as number) + (row[at - pixelBytes] as number);
}

function undoUp(row: Uint8Array, above: Uint8Array): void {
  for (let at = 0; at < row.length; at++) row[at] = (row[at] as number) + (above[at] as number);
}

function undoAverage(row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  for (let at = 0; at < row.length; at++) {
    const left = at < pixelBytes ? 0 : (row[at - pixelBytes] as number);
    row[at] = (row[at] as number) + ((left + (above[at] as number)) >> 1);
  }
}

/** A byte is the difference to that neighbour which is closest to left + up - corner. */
function undoPaeth(row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  for (let at = 0; at < row.length; at++) {
    const up = above[at] as number;
    const left = at < pixelBytes ? 0 : (row[at - pixelBytes] as number);
    const corner = at < pixelBytes ? 0 : (above[at - pixelBytes] as number);
    const toLeft = Math.abs(up - corner);
    const toUp = Math.abs(left - corner);
    const toCorner = Math.abs(left + up - 2 * corner);
    const upOrCorner = toUp <= toCorner ? up : corner;
    row[at] = (row[at] as number) + (toLeft <= toUp && toLeft <= toCorner ? left : upOrCorner);
  }
}
