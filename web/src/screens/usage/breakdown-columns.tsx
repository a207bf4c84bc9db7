import type { Texts } from "#web/i18n/texts.ts";
import { type Group, MEASURE_INFO, MEASURES, type Measure } from "#web/screens/usage/measures.ts";
import type { Units } from "#web/screens/usage/use-units.ts";
import type { KeyedNumbers } from "#web/screens/usage/use-user-rows.ts";
import type { SeriesColor } from "#web/ui/charts/series-colors.ts";
import { cn } from "#web/ui/classes.ts";
import type { Column } from "#web/ui/table/column.ts";

/** A row with the name that filters know, the title that a person knows, and its share of the largest one. */
export type NamedRow = KeyedNumbers & {
  readonly name: string;
  readonly title: string;
  readonly share: number;
  /** That of the chart. */
  readonly color: SeriesColor;
};

/** The columns of the breakdown. That of the chosen measure has bars, and stays on a phone. */
export function breakdownColumns(
  words: Texts["usage"],
  units: Units,
  group: Group,
  measure: Measure,
): readonly Column<NamedRow>[] {
  return [
    {
      key: "name",
      header: words.groups[group],
      width: "minmax(0, 2fr)",
      cell: ({ title }) => <span className="font-medium">{title}</span>,
    },
    {
      key: "share",
      header: "",
      width: "minmax(4rem, 2fr)",
      cell: ({ share, color }) => (
        <span aria-hidden="true" className="block h-1.5 rounded-full bg-hover">
          <span
            className="block h-full min-w-0.5 rounded-full"
            style={{ width: `${share * 100}%`, background: `var(--chart-${color})` }}
          />
        </span>
      ),
      hideOnPhone: true,
    },
    ...MEASURES.map(
      (own): Column<NamedRow> => ({
        key: own,
        sortKey: own,
        header: words.measures[own],
        width: "7rem",
        align: "right",
        cell: (row) => (
          <span className={cn(own === measure && "font-medium")}>
            {units[MEASURE_INFO[own].unit].full(MEASURE_INFO[own].of(row))}
          </span>
        ),
        hideOnPhone: own !== measure,
      }),
    ),
  ];
}
