// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed freely cannot be those of a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the properties in `focus` make it so
import { type KeyboardEvent, type MouseEvent, memo, type ReactNode } from "react";
import { cn } from "#web/ui/classes.ts";
import type { RenderLink } from "#web/ui/link.tsx";
import type { Column } from "#web/ui/table/column.ts";

interface TableRowProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly Column<Row>[];
  readonly tracks: string;
  readonly height: number;
  /** The row that the Tab key reaches. */
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly isLast: boolean;
  readonly href: string | undefined;
  readonly renderLink: RenderLink;
  readonly onOpen: ((row: Row) => void) | undefined;
  readonly onActivate: (index: number) => void;
  readonly actions: ((row: Row) => ReactNode) | undefined;
}

/** Marks what takes the focus of a row: its link, or the row itself. */
export const ROW_FOCUS = "data-row-focus";

/** A click on a control in a row, or one that ends a selection of text, does not open the row. */
function isForRow(event: MouseEvent): boolean {
  const target = event.target instanceof Element ? event.target : undefined;
  const control = target?.closest("a, button, input, label, select, textarea, [role=menuitem]");
  return event.currentTarget.contains(target ?? null) && !control && getSelection()?.isCollapsed !== false;
}

function Row<R>(props: TableRowProps<R>) {
  const { row, index, columns, tracks, height, isActive, isSelected, href, renderLink, onOpen, onActivate } = props;
  const isLink = href !== undefined;
  const focus = { [ROW_FOCUS]: "", tabIndex: isActive ? 0 : -1, onFocus: () => onActivate(index) };
  const actions = props.actions?.(row);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.target !== event.currentTarget) return;
    event.preventDefault();
    onOpen?.(row);
  }

  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={isSelected || undefined}
      className={cn(
        "absolute inset-x-0 scroll-mt-[calc(2.25rem+var(--table-top,0px))] scroll-mb-2 grid items-center gap-x-4 border-line border-b px-3 has-[[data-row-focus]:focus-visible]:outline-2 has-[[data-row-focus]:focus-visible]:-outline-offset-2 has-[[data-row-focus]:focus-visible]:outline-accent",
        !isLink && "focus-inset",
        (isLink || onOpen) && "cursor-pointer hover:bg-hover",
        props.isLast && "border-b-0",
        isSelected && "bg-selected hover:bg-selected",
      )}
      style={{ gridTemplateColumns: tracks, height, transform: `translateY(${index * height}px)` }}
      {...(!isLink && focus)}
      {...(!isLink && onOpen && { onKeyDown, onClick: (event: MouseEvent) => isForRow(event) && onOpen(row) })}
    >
      {columns.map((column, place) => {
        const content = column.cell(row);
        return (
          <div
            key={column.key}
            role="cell"
            className={cn("min-w-0 truncate", column.align === "right" && "tabular text-right")}
          >
            {isLink && place === 0
              ? renderLink({
                  href,
                  ...focus,
                  className: "outline-none focus-visible:outline-none after:absolute after:inset-0",
                  children: content,
                })
              : content}
          </div>
        );
      })}
      {props.actions && (
        <div role="cell" className="relative z-1 flex justify-end">
          {actions}
        </div>
      )}
    </div>
  );
}

/** Not rendered again while its table scrolls. */
export const TableRow = memo(Row) as typeof Row;
