import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef } from "react";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from "recharts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { areDays, areWithinDay, chooseTicks } from "#web/ui/charts/time-axis.ts";
import { type Series, type TimePoint, topSeries } from "#web/ui/charts/top-series.ts";
import { type Unit, useUnit } from "#web/ui/charts/use-unit.ts";
import { useMedia } from "#web/ui/hooks/use-media.ts";

interface TimeChartProps {
  /** In the order of time. */
  readonly data: readonly TimePoint[];
  /** More than five are shown as the largest four and the sum of the rest. */
  readonly series: readonly Series[];
  readonly unit: Unit;
  readonly kind?: "line" | "area" | "bar";
  /** Says in words what the chart shows. */
  readonly label: string;
  /** Is told which point was clicked. */
  readonly onSelect?: (at: string) => void;
  /** In pixels. */
  readonly height?: number;
}

const toColor = ({ color }: Series, index: number): string =>
  color === "bad" ? "var(--bad)" : `var(--chart-${color ?? (index % 5) + 1})`;

/** Use for how numbers change with time. Areas and bars are stacked, so use them only for what adds up. */
export function TimeChart(props: TimeChartProps) {
  const { unit, kind = "line", label, onSelect, height = 220 } = props;
  const texts = useTexts().ui;
  const format = useFormat();
  const { full, short } = useUnit(unit);
  const isPhone = useMedia("(max-width: 639px)");
  const { data, series } = useMemo(
    () => topSeries(props.data, props.series, texts.otherSeries),
    [props.data, props.series, texts],
  );
  const times = useMemo(() => data.map((point) => Date.parse(point.at)), [data]);
  // A line between empty neighbours would be nowhere.
  const hasGaps = data.some((point) => series.some(({ key }) => point[key] === undefined));
  const points = useMemo(() => data.map((point, index) => ({ ...point, time: times[index] ?? 0 })), [data, times]);
  const hasDays = areDays(times);
  const write = (time: number, isShort: boolean) => {
    const iso = new Date(time).toISOString();
    if (hasDays) return format.day(iso);
    if (!isShort) return format.dateTime(iso);
    return areWithinDay(times) ? format.minute(iso) : format.day(iso);
  };

  const active = useRef<number>(undefined);
  function select(index: unknown) {
    const point = data[Number(index)];
    if (point) onSelect?.(point.at);
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter") select(active.current);
  }

  return (
    <figure aria-label={label} className="min-w-0">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the chart inside has the focus, and arrows move in it */}
      <div
        onKeyDown={onKeyDown}
        className="text-note [&_*]:outline-none [&_.recharts-surface:focus-visible]:rounded [&_.recharts-surface:focus-visible]:outline-2 [&_.recharts-surface:focus-visible]:outline-accent [&_.recharts-surface:focus-visible]:outline-solid"
      >
        <ResponsiveContainer width="100%" height={height}>
          <ComposedChart
            data={points}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            {...(onSelect && { onClick: (state) => select(state.activeTooltipIndex), style: { cursor: "pointer" } })}
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="time"
              tickLine={false}
              axisLine={{ stroke: "var(--line-strong)" }}
              tick={{ fill: "var(--soft)", fontSize: 12 }}
              tickMargin={6}
              ticks={chooseTicks(times, isPhone ? 4 : 8)}
              tickFormatter={(time: number) => write(time, true)}
              interval={0}
            />
            <YAxis
              width="auto"
              tickLine={false}
              axisLine={false}
              tick={{ fill: "var(--soft)", fontSize: 12 }}
              tickCount={5}
              allowDecimals={unit !== "number"}
              tickFormatter={short}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={kind === "bar" ? { fill: "var(--hover)" } : { stroke: "var(--line-strong)" }}
              content={(state) => <Hover state={state} active={active} series={series} full={full} write={write} />}
            />
            {series.map((one, index) => {
              const color = toColor(one, index);
              const shared = { dataKey: one.key, name: one.label, isAnimationActive: false };
              if (kind === "bar") return <Bar key={one.key} {...shared} stackId="all" fill={color} maxBarSize={28} />;
              const line = {
                ...shared,
                type: "monotone",
                stroke: color,
                strokeWidth: 1.75,
                dot: hasGaps && { r: 2, fill: color },
              } as const;
              if (kind === "line") return <Line key={one.key} {...line} />;
              return <Area key={one.key} {...line} stackId="all" fill={color} fillOpacity={0.18} />;
            })}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      {series.length > 1 && (
        <figcaption className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-note text-soft">
          {series.map((one, index) => (
            <span key={one.key} className="inline-flex min-w-0 items-center gap-1.5">
              <Swatch color={toColor(one, index)} />
              <span className="truncate">{one.label}</span>
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  );
}

function Swatch({ color }: { readonly color: string }) {
  return <span aria-hidden="true" className="size-2.5 shrink-0 rounded-[3px]" style={{ background: color }} />;
}

interface HoverProps {
  readonly state: TooltipContentProps;
  /** Is told which point is shown, for the Enter key. */
  readonly active: RefObject<number | undefined>;
  readonly series: readonly Series[];
  readonly full: (value: number) => string;
  readonly write: (time: number, isShort: boolean) => string;
}

function Hover({ state, active, series, full, write }: HoverProps) {
  const index = state.active ? Number(state.activeIndex) : undefined;
  useEffect(() => {
    active.current = index;
  }, [active, index]);
  if (!state.active || state.label === undefined) return null;
  const point: unknown = state.payload[0]?.payload;
  const values = new Map(Object.entries(point ?? {}));
  return (
    <div className="grid gap-1 rounded-lg border border-line bg-raised px-3 py-2 text-ink text-note shadow-float">
      <span className="text-soft">{write(Number(state.label), false)}</span>
      {series.map((one, index) => (
        <span key={one.key} className="flex items-center gap-1.5">
          <Swatch color={toColor(one, index)} />
          <span className="mr-4 max-w-48 truncate">{one.label}</span>
          <span className="tabular ml-auto font-medium">
            {values.has(one.key) ? full(Number(values.get(one.key))) : "–"}
          </span>
        </span>
      ))}
    </div>
  );
}
