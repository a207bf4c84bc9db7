import { useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useGateway } from "#web/live/gateway.tsx";
import { useAgentName } from "#web/live/use-agent-name.ts";
import { useCall } from "#web/live/use-call.ts";
import { toGroup, toMeasure } from "#web/screens/usage/measures.ts";
import type { Period, UsageFilter } from "#web/screens/usage/period.ts";
import { toInput } from "#web/screens/usage/to-input.ts";
import { OTHERS_COLOR, type SeriesColor } from "#web/ui/charts/series-colors.ts";

type Series = NonNullable<OutputOf<"usage.timeseries">["series"]>[number];

/** What is told apart in the chart, as it is called and coloured. */
export type SplitSeries = Series & { readonly title: string; readonly color: SeriesColor };

/** Returns usage by hours or days, told apart by the group of the breakdown where the URL asks for it. */
export function useUsagePoints(filter: UsageFilter, period: Period) {
  const { usage: words, ui } = useTexts();
  const { colors } = useGateway();
  const titleOf = useAgentName();
  const group = toGroup(filter.by);
  const points = useCall(
    "usage.timeseries",
    {
      ...{ group_by: period.unit, ...toInput(filter, period) },
      ...(filter.split !== undefined && { split_by: group, rank_by: toMeasure(filter.measure) }),
    },
    { keepsPrevious: true },
  );
  // The answer to the question before stays for a moment, and tells its own group apart.
  const [shown, setShown] = useState(group);
  if (!points.isPlaceholderData && shown !== group) setShown(group);

  const answered = points.data?.series;
  const series = useMemo(() => {
    const keys = answered?.flatMap(({ key }) => (key === null ? [] : [`${shown} ${key}`])) ?? [];
    const own = colors.of(keys);
    return answered?.map((one, index): SplitSeries => {
      if (one.key === null) return { ...one, title: ui.otherSeries, color: OTHERS_COLOR };
      const title = one.key === "" ? words.unknown : shown === "agent" ? titleOf(one.key) : one.key;
      // The others are the last.
      return { ...one, title, color: own[index] ?? OTHERS_COLOR };
    });
  }, [answered, shown, colors, titleOf, words, ui]);
  return { points, series };
}
