import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { timeZone, toDay } from "#web/screens/home/day.ts";
import { Card, Section } from "#web/ui/page/card.tsx";
import { Stat } from "#web/ui/page/stat.tsx";
import { LoadingState } from "#web/ui/states.tsx";

const TimeChart = lazy(async () => ({ default: (await import("#web/ui/charts/time-chart.tsx")).TimeChart }));

const HOUR = 3_600_000;

/** The day in four numbers beside those of yesterday, and the last 24 hours as a chart that opens Usage. */
export function Today() {
  const { home: words } = useTexts();
  const format = useFormat();
  const tz = timeZone();
  const summary = useCall("usage.summary", { from: toDay(), to: toDay(), tz });
  const usage = `/usage?from=${toDay()}&to=${toDay()}`;
  return (
    <Section title={words.today}>
      <Answered query={summary}>
        {({ current, previous }) => {
          const before = (text: string) => ({ text: words.yesterday(text), tone: "idle" as const });
          return (
            <div className="grid grid-cols-2 gap-4 lg:grid-cols-4">
              <Stat
                label={words.requests}
                value={format.number(current.requests)}
                change={before(format.number(previous.requests))}
                href={usage}
              />
              <Stat
                label={words.spend}
                value={format.money(current.cost)}
                change={before(format.money(previous.cost))}
                href={`${usage}&measure=cost`}
              />
              <Stat
                label={words.errors}
                value={format.number(current.errors)}
                change={before(format.number(previous.errors))}
                href="/runs?status=failed"
              />
              <Stat
                label={words.latency}
                value={format.duration(current.avg_duration_ms)}
                change={before(format.duration(previous.avg_duration_ms))}
                href={`${usage}&measure=latency`}
              />
            </div>
          );
        }}
      </Answered>
      <Card title={words.chart}>
        <LastDay />
      </Card>
    </Section>
  );
}

function LastDay() {
  const { home: words } = useTexts();
  const navigate = useNavigate();
  // Whole hours, so that the same hour is the same question.
  const until = Math.ceil(Date.now() / HOUR) * HOUR;
  const [from, to] = [until - 24 * HOUR, until].map((time) => new Date(time).toISOString());
  const series = useCall("usage.timeseries", { group_by: "hour", from: from ?? "", to: to ?? "" });
  const lines = useMemo(
    () => [
      { key: "succeeded", label: words.succeeded, color: 1 as const },
      { key: "failed", label: words.errors, color: "bad" as const },
    ],
    [words],
  );
  return (
    <Answered query={series}>
      {({ points }) => (
        <Suspense fallback={<LoadingState />}>
          <TimeChart
            data={toHours(until, points)}
            series={lines}
            unit="number"
            kind="bar"
            label={words.chart}
            onSelect={(at) =>
              void navigate({
                to: "/usage",
                search: { from: at, to: new Date(Date.parse(at) + HOUR).toISOString() },
              })
            }
          />
        </Suspense>
      )}
    </Answered>
  );
}

/** The hours before a time, also those without any request. */
function toHours(until: number, points: OutputOf<"usage.timeseries">["points"]) {
  const known = new Map(points.map((point) => [Date.parse(point.bucket_time), point]));
  return Array.from({ length: 24 }, (_, index) => {
    const time = until - (24 - index) * HOUR;
    const { request_count = 0, error_count = 0 } = known.get(time) ?? {};
    return { at: new Date(time).toISOString(), succeeded: request_count - error_count, failed: error_count };
  });
}
