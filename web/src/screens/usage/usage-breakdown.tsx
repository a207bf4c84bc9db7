import { ListTree } from "lucide-react";
import { useMemo } from "react";
import type { GoClawError } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAgentName } from "#web/live/use-agent-name.ts";
import { useCall } from "#web/live/use-call.ts";
import { breakdownColumns, type NamedRow } from "#web/screens/usage/breakdown-columns.tsx";
import { GROUPS, type Group, MEASURE_INFO, toGroup, toMeasure } from "#web/screens/usage/measures.ts";
import type { Period, UsageFilter } from "#web/screens/usage/period.ts";
import { runsHref, toInput, usageHref } from "#web/screens/usage/to-input.ts";
import { useUnits } from "#web/screens/usage/use-units.ts";
import { useUsagePoints } from "#web/screens/usage/use-usage-points.ts";
import { type KeyedNumbers, useUserRows } from "#web/screens/usage/use-user-rows.ts";
import { OTHERS_COLOR } from "#web/ui/charts/series-colors.ts";
import { Segments } from "#web/ui/fields/segments.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { useMedia } from "#web/ui/hooks/use-media.ts";
import { useRenderLink } from "#web/ui/link.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { Tooltip } from "#web/ui/tooltip.tsx";

interface UsageBreakdownProps {
  readonly filter: UsageFilter;
  readonly period: Period;
  readonly onChange: (change: UsageFilter) => void;
}

/** Who and what made up the numbers. A row narrows the screen to it. */
export function UsageBreakdown({ filter, period, onChange }: UsageBreakdownProps) {
  const { usage: words } = useTexts();
  const units = useUnits();
  const group = toGroup(filter.by);
  const measure = toMeasure(filter.measure);
  const isByUser = group === "user";
  const mayNameOthers = hasRole(useCaller(), "admin");
  const groups = GROUPS.filter((name) => name !== "user" || mayNameOthers);
  const input = { ...toInput(filter, period), group_by: isByUser ? ("agent" as const) : group };
  const others = useCall("usage.breakdown", input, { isEnabled: !isByUser, keepsPrevious: true });
  const users = useUserRows(filter, period, isByUser);
  const rows: {
    readonly data: readonly KeyedNumbers[] | undefined;
    readonly error: GoClawError | null;
    refetch: () => unknown;
  } = isByUser ? users : { ...others, data: others.data?.rows };
  const { series } = useUsagePoints(filter, period);
  const agents = useCall("agents.list", {});
  const titleOf = useAgentName();
  const columns = useMemo(() => breakdownColumns(words, units, group, measure), [words, units, group, measure]);
  const named = useMemo(() => {
    const keys = new Map(agents.data?.agents.map(({ id, agent_key }) => [id, agent_key]));
    const { of } = MEASURE_INFO[measure];
    const all = (rows.data ?? []).map((row) => ({ ...row, name: nameOf(row.key, group, keys, words.unknown) }));
    const sorted = all.toSorted((a, b) => of(b) - of(a));
    const colors = new Map(series?.map(({ key, color }) => [key, color]));
    const colorOf = (key: string) => (series ? (colors.get(key) ?? OTHERS_COLOR) : 1);
    const largest = Math.max(...sorted.map(of), 0) || 1;
    return sorted.map((row): NamedRow => {
      const title = group === "agent" ? titleOf(row.name) : row.name;
      return { ...row, title, share: of(row) / largest, color: colorOf(row.key) };
    });
  }, [rows.data, agents.data, series, titleOf, group, measure, words]);

  const isPhone = useMedia("(max-width: 767px)");
  const choice = {
    "aria-label": words.by,
    value: group,
    onValueChange: (by: string) => onChange({ by }),
    options: groups.map((value) => ({ value, label: words.groups[value] })),
  };
  return (
    <Card
      title={words.breakdown}
      padded={false}
      actions={isPhone ? <Select className="w-44" {...choice} /> : <Segments {...choice} />}
    >
      <Answered query={rows}>
        {() =>
          named.length === 0 ? (
            <EmptyState title={words.empty} />
          ) : (
            <DataTable
              isPlain
              rows={named}
              columns={columns}
              rowKey={({ key }) => key}
              label={words.breakdown}
              hrefOf={({ name, key }) => usageHref(filter, narrowTo(group, name ?? key))}
              total={named.length}
              sort={{ key: measure, direction: "desc" }}
              onSort={({ key }) => onChange({ measure: key })}
              {...(canOpenRuns(group) && {
                rowActions: ({ name, key }: NamedRow) => (
                  <RunsLink href={runsHref({ ...filter, ...narrowTo(group, name ?? key) }, period.begin, period.end)} />
                ),
              })}
            />
          )
        }
      </Answered>
    </Card>
  );
}

const narrowTo = (group: Group, value: string): UsageFilter => ({ [group]: value });

/** Runs cannot be searched by their model. */
const canOpenRuns = (group: Group): boolean => group !== "model" && group !== "provider";

function nameOf(key: string, group: Group, agents: ReadonlyMap<string, string>, unknown: string): string {
  if (key === "") return unknown;
  return group === "agent" ? (agents.get(key) ?? key) : key;
}

function RunsLink({ href }: { readonly href: string }) {
  const { usage: words } = useTexts();
  const renderLink = useRenderLink();
  return (
    <Tooltip text={words.openRuns}>
      {renderLink({
        href,
        "aria-label": words.openRuns,
        className: "inline-flex size-7 items-center justify-center rounded-lg text-soft hover:bg-hover hover:text-ink",
        children: <ListTree aria-hidden className="size-4" />,
      })}
    </Tooltip>
  );
}
