import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { MEASURE_INFO, type Measure } from "#web/screens/usage/measures.ts";
import type { SplitSeries } from "#web/screens/usage/use-usage-points.ts";
import type { Series, TimePoint } from "#web/ui/charts/top-series.ts";

export type Point = OutputOf<"usage.timeseries">["points"][number];

interface ChartInput {
  readonly measure: Measure;
  readonly points: readonly Point[];
  /** The beginnings of all hours or days, also of those without usage. */
  readonly buckets: readonly number[];
  /** What is told apart. */
  readonly split?: readonly SplitSeries[] | undefined;
  readonly before?: { readonly points: readonly Point[]; readonly buckets: readonly number[] } | undefined;
}

interface Chart {
  readonly data: readonly TimePoint[];
  readonly series: readonly Series[];
  readonly kind: "bar" | "line";
}

/** Makes a chart of a measure. Hours and days without usage are shown as such. */
export function toChart({ measure, points, buckets, split, before }: ChartInput, words: Texts["usage"]): Chart {
  const byTime = new Map(points.map((point) => [Date.parse(point.bucket_time), point]));
  const times = [...new Set([...buckets, ...byTime.keys()])].sort((a, b) => a - b);
  const { of, addsUp } = MEASURE_INFO[measure];
  if (split) return toSplitChart(measure, times, split);
  if (before) {
    const earlier = new Map(before.points.map((point) => [Date.parse(point.bucket_time), of(point)]));
    return {
      kind: "line",
      series: [
        { key: "now", label: words.measures[measure], color: 1 },
        { key: "before", label: words.periodBefore, color: 5 },
      ],
      data: times.map((time, index) => {
        const point = byTime.get(time);
        return {
          at: new Date(time).toISOString(),
          now: point ? of(point) : 0,
          before: earlier.get(before.buckets[index] ?? Number.NaN) ?? 0,
        };
      }),
    };
  }
  if (measure === "tokens") {
    return {
      kind: "bar",
      series: [
        { key: "input", label: words.input, color: 1 },
        { key: "output", label: words.output, color: 2 },
      ],
      data: times.map((time) => {
        const { input_tokens = 0, output_tokens = 0 } = byTime.get(time) ?? {};
        return { at: new Date(time).toISOString(), input: input_tokens, output: output_tokens };
      }),
    };
  }
  return {
    kind: "bar",
    series: [{ key: measure, label: words.measures[measure], color: measure === "errors" ? 4 : 1 }],
    data: times.map((time) => {
      const point = byTime.get(time);
      // A mean of nothing is no number.
      return { at: new Date(time).toISOString(), ...((point || addsUp) && { [measure]: point ? of(point) : 0 }) };
    }),
  };
}

/** Numbers that add up are stacked. The names of things may have dots, which a chart takes for paths. */
function toSplitChart(measure: Measure, times: readonly number[], split: readonly SplitSeries[]): Chart {
  const { of, addsUp } = MEASURE_INFO[measure];
  const named = split.map(({ points, title, color }, index) => ({
    series: { key: `series ${index}`, label: title, color },
    values: new Map(points.map((point) => [Date.parse(point.bucket_time), of(point)])),
  }));
  return {
    kind: addsUp ? "bar" : "line",
    series: named.map(({ series }) => series),
    data: times.map((time) => ({
      at: new Date(time).toISOString(),
      ...Object.fromEntries(
        named.flatMap(({ series: { key }, values }) => {
          const value = values.get(time) ?? 0;
          // A mean of nothing is no number.
          return addsUp || value > 0 ? [[key, value]] : [];
        }),
      ),
    })),
  };
}
