import { useMemo } from "react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { MEASURE_INFO, MEASURES, type Measure } from "#web/screens/usage/measures.ts";
import { type Period, toBuckets, type UsageFilter } from "#web/screens/usage/period.ts";
import type { Point } from "#web/screens/usage/to-chart.ts";
import { toInput, usageHref } from "#web/screens/usage/to-input.ts";
import { useUnits } from "#web/screens/usage/use-units.ts";
import { Stat } from "#web/ui/page/stat.tsx";
import { Sparkline } from "#web/ui/sparkline.tsx";
import type { Tone } from "#web/ui/tone.ts";

interface UsageSumsProps {
  readonly filter: UsageFilter;
  readonly period: Period;
  readonly now: number;
}

/** The numbers of a stretch of time beside those of the one before. Each opens its chart. */
export function UsageSums({ filter, period, now }: UsageSumsProps) {
  const { usage: words } = useTexts();
  const format = useFormat();
  const units = useUnits();
  const points = useCall(
    "usage.timeseries",
    { group_by: period.unit, ...toInput(filter, period) },
    { keepsPrevious: true },
  );
  const buckets = useMemo(() => toBuckets(period.begin, period.end, period.unit, now), [period, now]);
  const summary = useCall("usage.summary", toInput(filter, period), { keepsPrevious: true });

  return (
    <Answered query={summary}>
      {({ current, previous }) => {
        const changeOf = (measure: Measure): { text: string; tone: Tone } => {
          const { ofSum, unit, isBad } = MEASURE_INFO[measure];
          const [now, before] = [ofSum(current), ofSum(previous)];
          const was = units[unit].full(before);
          const share = before === 0 ? undefined : now / before - 1;
          const text = share === undefined ? words.before(was) : words.change(signed(format.percent, share), was);
          return { text, tone: isBad && now > before && before > 0 ? "careful" : "idle" };
        };
        return (
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
            {MEASURES.map((measure) => (
              <Stat
                key={measure}
                label={words.measures[measure]}
                value={units[MEASURE_INFO[measure].unit].full(MEASURE_INFO[measure].ofSum(current))}
                change={changeOf(measure)}
                href={usageHref(filter, { measure })}
              >
                <Sparkline
                  values={toValues(MEASURE_INFO[measure].of, points.data?.points ?? [], buckets)}
                  label={words.chartTitle(words.measures[measure], words.units[period.unit])}
                  className="w-full"
                />
              </Stat>
            ))}
            <Stat
              label={words.people}
              value={format.number(current.unique_users)}
              change={{ text: words.before(format.number(previous.unique_users)), tone: "idle" }}
            >
              <Sparkline
                values={toValues(({ unique_users }) => unique_users, points.data?.points ?? [], buckets)}
                label={words.chartTitle(words.people, words.units[period.unit])}
                className="w-full"
              />
            </Stat>
          </div>
        );
      }}
    </Answered>
  );
}

/** Returns the course of a measure, also over hours and days without usage. */
function toValues(
  of: (point: Point) => number,
  points: readonly Point[],
  buckets: readonly number[],
): readonly number[] {
  const byTime = new Map(points.map((point) => [Date.parse(point.bucket_time), of(point)]));
  return buckets.map((time) => byTime.get(time) ?? 0);
}

/** Above this, a change is written as this, because its exact size says nothing. */
const MOST = 9.99;

const signed = (write: (share: number) => string, share: number): string =>
  share > MOST ? `> +${write(MOST)}` : share >= 0 ? `+${write(share)}` : `−${write(-share)}`;
