import { cutToCells } from "#cli/output/cut-to-cells.ts";
import type { Output, Style } from "#cli/terminal/terminal.ts";

/** A cell of a table, as plain text without control characters. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
  readonly isNumber?: boolean;
}

export interface TableColumn {
  readonly title: string;
  /** Stays whole as long as others can be cut, because people copy it or because it is short anyway. */
  readonly isWhole?: boolean;
  /** Is left out of a table that is too narrow for it. */
  readonly isExtra?: boolean;
}

const GAP = "  ";
/** What a column that may be cut keeps at least, in cells. */
const NARROW = 10;
/** Narrower than this, a column says nothing. */
const NARROWEST = 5;

/** Lays out a table that fits the output. Width is counted in cells of the terminal. */
export function toTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  { width = Number.POSITIVE_INFINITY, paint }: Pick<Output, "width" | "paint">,
): readonly string[] {
  const all = columns.map((column, index) =>
    toLayout(
      column,
      rows.map((row) => row[index] ?? EMPTY),
    ),
  );
  const layouts = fit(leaveOut(all, width), width);
  const toLine = (toText: (layout: Layout) => string) => layouts.map(toText).join(GAP).trimEnd();
  return [
    toLine(({ title, width, isNumber }) => place({ text: title, style: "dim", isNumber }, width, paint)),
    ...rows.map((_, row) => toLine(({ cells, width }) => place(cells[row] ?? EMPTY, width, paint))),
  ];
}

interface Layout extends TableColumn {
  readonly cells: readonly Cell[];
  readonly isNumber: boolean;
  /** In cells of the terminal. */
  readonly width: number;
}

const EMPTY: Cell = { text: "" };

function toLayout(column: TableColumn, cells: readonly Cell[]): Layout {
  const width = Math.max(...[column.title, ...cells.map(({ text }) => text)].map((text) => Bun.stringWidth(text)));
  return { ...column, cells, width, isNumber: cells.some(({ isNumber }) => isNumber) };
}

function place({ text, style, isNumber }: Cell, width: number, paint: Output["paint"]): string {
  const shown = cutToCells(text, width);
  const padding = " ".repeat(Math.max(0, width - Bun.stringWidth(shown)));
  const painted = style ? paint(style, shown) : shown;
  return isNumber ? padding + painted : painted + padding;
}

/** Leaves out extra columns, from the last one on, until the others have some space. */
function leaveOut(layouts: readonly Layout[], space: number): readonly Layout[] {
  const least = layouts.map(({ isWhole, width }) => (isWhole ? width : Math.min(width, NARROW)));
  const last = layouts.findLastIndex(({ isExtra }) => isExtra);
  if (last === -1 || withGaps(least) <= space) return layouts;
  return leaveOut(layouts.toSpliced(last, 1), space);
}

/** Takes space from the widest columns until all fit, first from those that need not be whole. */
function fit(layouts: readonly Layout[], space: number): readonly Layout[] {
  const widths = layouts.map(({ width }) => width);
  const narrow = (mayBeCut: (layout: Layout) => boolean, floor: number) => {
    while (withGaps(widths) > space) {
      const eligible = widths.map((width, index) => (layouts.slice(index, index + 1).some(mayBeCut) ? width : 0));
      const widest = Math.max(...eligible);
      if (widest <= floor) return;
      widths[eligible.indexOf(widest)] = widest - 1;
    }
  };
  narrow(({ isWhole }) => !isWhole, NARROWEST);
  narrow(() => true, 1);
  return layouts.map((layout, index) => ({ ...layout, width: widths[index] ?? layout.width }));
}

const withGaps = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
