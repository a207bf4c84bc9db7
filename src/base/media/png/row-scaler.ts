/** The size of a picture in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The source pixels that a pixel of the result covers. The first and the last are covered in part, from 0 to 1. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly firstShare: number;
  readonly lastShare: number;
}

/** Smaller shares come from rounding. */
const SMALLEST_SHARE = 1e-6;

/**
 * Scales a picture down row by row, so that only two rows of the result are in memory. A pixel of the result is the mean
 * of those that it covers. Transparent ones do not add to its colour.
 */
export class RowScaler {
  readonly #across: number;
  readonly #down: number;
  readonly #spans: readonly Span[];
  /** For each pixel of the row at work: red, green and blue times alpha, and alpha. */
  readonly #sums: Float64Array;
  readonly #line: Float64Array;
  readonly #row: Uint8Array;
  #taken = 0;
  #made = 0;

  /** No side of the result may be longer than that of the source. */
  constructor(source: Size, result: Size) {
    this.#down = source.height / result.height;
    this.#across = source.width / result.width;
    this.#spans = Array.from({ length: result.width }, (_, index) => spanOf(index, this.#across, source.width));
    this.#sums = new Float64Array(4 * result.width);
    this.#line = new Float64Array(4 * result.width);
    this.#row = new Uint8Array(4 * result.width);
  }

  /**
   * Takes the next row of the source, with four bytes for each pixel. Returns a row of the result once it is complete,
   * which is valid until the next call.
   */
  take(row: Uint8Array): Uint8Array | undefined {
    this.#shrink(row);
    const left = (this.#made + 1) * this.#down - this.#taken;
    const share = Math.min(1, left);
    this.#taken++;
    this.#add(share);
    if (left - share > SMALLEST_SHARE) return undefined;
    this.#finish();
    if (1 - share > SMALLEST_SHARE) this.#add(1 - share);
    return this.#row;
  }

  #shrink(row: Uint8Array): void {
    for (let index = 0; index < this.#spans.length; index++) {
      const { first, last, firstShare, lastShare } = this.#spans[index] as Span;
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (let x = first; x <= last; x++) {
        const share = x === first ? firstShare : x === last ? lastShare : 1;
        const weight = (row[4 * x + 3] as number) * share;
        red += (row[4 * x] as number) * weight;
        green += (row[4 * x + 1] as number) * weight;
        blue += (row[4 * x + 2] as number) * weight;
        alpha += weight;
      }
      this.#line[4 * index] = red;
      this.#line[4 * index + 1] = green;
      this.#line[4 * index + 2] = blue;
      this.#line[4 * index + 3] = alpha;
    }
  }

  #add(share: number): void {
    for (let at = 0; at < this.#sums.length; at++) {
      this.#sums[at] = (this.#sums[at] as number) + (this.#line[at] as number) * share;
    }
  }

  #finish(): void {
    const covered = this.#down * this.#across;
    for (let at = 0; at < this.#sums.length; at += 4) {
      const alpha = this.#sums[at + 3] as number;
      for (let color = at; color < at + 3; color++) {
        // A list of bytes stores 0 where nothing is divided by nothing.
        this.#row[color] = Math.round((this.#sums[color] as number) / alpha);
      }
      this.#row[at + 3] = Math.round(alpha / covered);
    }
    this.#sums.fill(0);
    this.#made++;
  }
}

function spanOf(index: number, ratio: number, length: number): Span {
  const [from, to] = [index * ratio, Math.min(length, (index + 1) * ratio)];
  const first = Math.min(length - 1, Math.floor(from));
  const last = Math.max(first, Math.ceil(to - SMALLEST_SHARE) - 1);
  return { first, last, firstShare: Math.min(to, first + 1) - from, lastShare: to - last };
}
