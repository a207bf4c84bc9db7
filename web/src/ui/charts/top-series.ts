import { OTHERS_COLOR, type SeriesColor } from "#web/ui/charts/series-colors.ts";

/** One point in time, with a number for each series. */
export interface TimePoint {
  /** In ISO form. */
  readonly at: string;
  readonly [series: string]: string | number;
}

export interface Series {
  readonly key: string;
  readonly label: string;
  /** `bad` is for what failed. */
  readonly color?: SeriesColor | "bad";
}

/** More lines than this cannot be told apart. */
const MOST_SERIES = 5;
const OTHERS = "others";

const toNumber = (value: string | number | undefined): number => (typeof value === "number" ? value : 0);

/** Keeps the series with the largest sums and adds up the rest, so that a chart has at most five. */
export function topSeries(
  data: readonly TimePoint[],
  series: readonly Series[],
  othersLabel: string,
): { readonly data: readonly TimePoint[]; readonly series: readonly Series[] } {
  if (series.length <= MOST_SERIES) return { data, series };
  const sums = new Map(series.map(({ key }) => [key, data.reduce((sum, point) => sum + toNumber(point[key]), 0)]));
  const ranked = [...series].sort((a, b) => (sums.get(b.key) ?? 0) - (sums.get(a.key) ?? 0));
  const kept = ranked.slice(0, MOST_SERIES - 1);
  const rest = ranked.slice(MOST_SERIES - 1);
  return {
    series: [...kept, { key: OTHERS, label: othersLabel, color: OTHERS_COLOR }],
    data: data.map((point) => ({
      ...point,
      [OTHERS]: rest.reduce((sum, { key }) => sum + toNumber(point[key]), 0),
    })),
  };
}
