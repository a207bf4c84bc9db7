/** A colour of `theme.css`. The fifth is grey, for what is no thing of its own. */
export type SeriesColor = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const COLORS = [1, 2, 3, 4, 6, 7, 8] as const satisfies readonly SeriesColor[];
export const OTHERS_COLOR: SeriesColor = 5;

/** Gives things colours that they keep in every chart. The things of one chart have different ones. */
export class SeriesColors {
  readonly #known = new Map<string, SeriesColor>();

  /** Returns the colours of the things of a chart, in their order. There are at most seven. */
  of(things: readonly string[]): readonly SeriesColor[] {
    const taken = new Set<SeriesColor>();
    const kept = things.map((thing) => {
      const color = this.#known.get(thing);
      if (color === undefined || taken.has(color)) return undefined;
      taken.add(color);
      return color;
    });
    return things.map((thing, index) => kept[index] ?? this.#choose(thing, taken));
  }

  /** Chooses a colour that no other thing has, if one is left. */
  #choose(thing: string, taken: Set<SeriesColor>): SeriesColor {
    const used = new Set(this.#known.values());
    const first = hash(thing) % COLORS.length;
    const ring = [...COLORS.slice(first), ...COLORS.slice(0, first)].filter((color) => !taken.has(color));
    const color = ring.find((color) => !used.has(color)) ?? ring[0] ?? OTHERS_COLOR;
    taken.add(color);
    if (!this.#known.has(thing)) this.#known.set(thing, color);
    return color;
  }
}

/** The same thing begins with the same colour on every visit. */
const hash = (text: string): number =>
  [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
