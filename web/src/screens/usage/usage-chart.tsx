import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { MEASURE_INFO, MEASURES, type Measure, toGroup, toMeasure } from "#web/screens/usage/measures.ts";
import { hourOf, type Period, toBuckets, toDay, type UsageFilter } from "#web/screens/usage/period.ts";
import { type Point, toChart } from "#web/screens/usage/to-chart.ts";
import { runsHref, toInput, usageHref } from "#web/screens/usage/to-input.ts";
import { type SplitSeries, useUsagePoints } from "#web/screens/usage/use-usage-points.ts";
import { Segments } from "#web/ui/fields/segments.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { Switch } from "#web/ui/fields/switch.tsx";
import { useMedia } from "#web/ui/hooks/use-media.ts";
import { Card } from "#web/ui/page/card.tsx";
import { EmptyState, LoadingState } from "#web/ui/states.tsx";

const TimeChart = lazy(async () => ({ default: (await import("#web/ui/charts/time-chart.tsx")).TimeChart }));

const HOUR = 3_600_000;

interface UsageChartProps {
  readonly filter: UsageFilter;
  readonly period: Period;
  readonly now: number;
  readonly onChange: (change: UsageFilter) => void;
}

/** One measure by hours or days, together, told apart or beside the period before. A day opens its hours, and an hour opens the runs behind it. */
export function UsageChart({ filter, period, now, onChange }: UsageChartProps) {
  const { usage: words } = useTexts();
  const measure = toMeasure(filter.measure);
  const { addsUp } = MEASURE_INFO[measure];
  const isSplit = filter.split !== undefined;
  const compares = addsUp && !isSplit && filter.compare !== undefined;
  const { points, series } = useUsagePoints(filter, period);
  const before = useCall(
    "usage.timeseries",
    { group_by: period.unit, ...toInput(filter, period.before) },
    { isEnabled: compares, keepsPrevious: true },
  );
  const isPhone = useMedia("(max-width: 767px)");
  const choice = {
    "aria-label": words.measure,
    value: measure,
    onValueChange: (value: string) => onChange({ measure: value }),
    options: MEASURES.map((value) => ({ value, label: words.measures[value] })),
  };
  return (
    <Card
      title={words.chartTitle(words.measures[measure], words.units[period.unit])}
      actions={
        <>
          <Switch
            isOn={isSplit}
            onChange={(isOn) => onChange({ split: isOn ? "on" : "", compare: "" })}
            label={words.splits[toGroup(filter.by)]}
          />
          {addsUp && (
            <Switch
              isOn={compares}
              onChange={(isOn) => onChange({ compare: isOn ? "before" : "", split: "" })}
              label={words.compare}
            />
          )}
          {isPhone ? <Select className="w-44" {...choice} /> : <Segments {...choice} />}
        </>
      }
    >
      <Answered query={points}>
        {(answer) =>
          answer.points.length === 0 ? (
            <EmptyState title={words.empty} hint={words.emptyHint} />
          ) : (
            <Chart
              {...{ filter, period, now, measure }}
              points={answer.points}
              split={isSplit ? series : undefined}
              before={compares ? before.data?.points : undefined}
            />
          )
        }
      </Answered>
    </Card>
  );
}

interface ChartProps extends Omit<UsageChartProps, "onChange"> {
  readonly measure: Measure;
  readonly points: readonly Point[];
  readonly split: readonly SplitSeries[] | undefined;
  readonly before: readonly Point[] | undefined;
}

function Chart({ filter, period, now, measure, points, split, before }: ChartProps) {
  const { usage: words } = useTexts();
  const navigate = useNavigate();
  const chart = useMemo(() => {
    const { begin, end, unit } = period;
    const buckets = toBuckets(begin, end, unit, now);
    const earlier = before && { points: before, buckets: toBuckets(period.before.begin, begin, unit, begin) };
    return toChart({ measure, points, buckets, split, before: earlier }, words);
  }, [measure, points, split, before, period, now, words]);

  function open(at: string) {
    const time = Date.parse(at);
    const hour = hourOf(time);
    const href =
      period.unit === "day"
        ? usageHref(filter, { from: toDay(new Date(time)), to: toDay(new Date(time)), period: "" })
        : runsHref(filter, hour, hour + HOUR, measure === "errors" ? "failed" : "");
    void navigate({ href });
  }

  return (
    <>
      <Suspense fallback={<LoadingState />}>
        <TimeChart
          {...chart}
          unit={MEASURE_INFO[measure].unit}
          label={words.chartTitle(words.measures[measure], words.units[period.unit])}
          onSelect={open}
          height={260}
        />
      </Suspense>
      <p className="mt-2 text-faint text-note">{period.unit === "day" ? words.clickDay : words.clickHour}</p>
    </>
  );
}
