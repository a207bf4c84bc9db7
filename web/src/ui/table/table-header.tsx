// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed freely cannot be those of a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: a header is only read
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";
import type { Column, Sort } from "#web/ui/table/column.ts";

interface TableHeaderProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly tracks: string;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
  readonly hasActions: boolean;
}

const ORDERS = { asc: "ascending", desc: "descending" } as const;

export function TableHeader<Row>({ columns, tracks, sort, onSort, hasActions }: TableHeaderProps<Row>) {
  const texts = useTexts().ui;
  return (
    <div role="rowgroup" className="sticky top-(--table-top,0px) z-10 rounded-t-lg bg-card">
      <div
        role="row"
        aria-rowindex={1}
        className="grid h-9 items-center gap-x-4 border-line border-b px-3 text-note text-soft"
        style={{ gridTemplateColumns: tracks }}
      >
        {columns.map(({ key, header, align, sortKey }) => {
          const own = sortKey !== undefined && sort?.key === sortKey ? sort.direction : undefined;
          const Arrow = own === "desc" ? ArrowDown : ArrowUp;
          return (
            <div
              key={key}
              role="columnheader"
              {...(sortKey !== undefined && { "aria-sort": own ? ORDERS[own] : "none" })}
              className={cn("flex min-w-0", align === "right" && "justify-end text-right")}
            >
              {sortKey !== undefined && onSort ? (
                <button
                  type="button"
                  onClick={() => onSort({ key: sortKey, direction: own === "asc" ? "desc" : "asc" })}
                  className={cn(
                    "group flex h-7 min-w-0 items-center gap-1 rounded hover:text-ink",
                    own && "font-medium text-ink",
                  )}
                >
                  <span className="truncate">{header}</span>
                  <Arrow
                    aria-hidden
                    className={cn(
                      "size-3.5 shrink-0",
                      align === "right" && "order-first",
                      !own && "opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60",
                    )}
                  />
                </button>
              ) : (
                <span className="truncate">{header}</span>
              )}
            </div>
          );
        })}
        {hasActions && (
          <div role="columnheader">
            <span className="sr-only">{texts.actions}</span>
          </div>
        )}
      </div>
    </div>
  );
}
