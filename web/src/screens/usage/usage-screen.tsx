import { useNavigate, useSearch } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useMemo } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useDownload } from "#web/live/use-download.ts";
import { resolvePeriod, type UsageFilter } from "#web/screens/usage/period.ts";
import { toInput } from "#web/screens/usage/to-input.ts";
import { UsageBreakdown } from "#web/screens/usage/usage-breakdown.tsx";
import { UsageChart } from "#web/screens/usage/usage-chart.tsx";
import { UsageFilters } from "#web/screens/usage/usage-filters.tsx";
import { UsageSums } from "#web/screens/usage/usage-sums.tsx";
import { Button } from "#web/ui/button.tsx";
import { Page } from "#web/ui/page/page.tsx";

/** What was used in a stretch of time, by whom, and what it cost. */
export function UsageScreen() {
  const { usage: words } = useTexts();
  const filter: UsageFilter = useSearch({ from: "/usage" });
  const navigate = useNavigate({ from: "/usage" });
  const download = useDownload();
  const { period: name, from, to } = filter;
  // A period begins when it is chosen, so that the same screen is the same question.
  const [period, now] = useMemo(() => {
    const now = Date.now();
    return [resolvePeriod({ ...(name && { period: name }), ...(from && { from }), ...(to && { to }) }, now), now];
  }, [name, from, to]);
  const change = (changed: UsageFilter) =>
    void navigate({ search: (before) => withoutEmpty({ ...before, ...changed }), replace: true });
  const exportCsv = () =>
    void download(
      "usage.export",
      { ...toInput(filter, period), group_by: period.unit },
      `usage-${period.from.slice(0, 10)}-${period.to.slice(0, 10)}.csv`,
    );
  const shared = { filter, period, onChange: change };

  return (
    <Page
      title={words.title}
      actions={
        <Button icon={Download} onClick={exportCsv}>
          {words.export}
        </Button>
      }
    >
      <UsageFilters {...shared} />
      <UsageSums filter={filter} period={period} now={now} />
      <UsageChart {...shared} now={now} />
      <UsageBreakdown {...shared} />
    </Page>
  );
}

const withoutEmpty = (filter: UsageFilter): UsageFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
