import type { Output, Style } from "#cli/terminal/terminal.ts";

/** A cell of a table, as plain text without control characters. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
  readonly isNumber?: boolean;
}

export interface TableColumn {
  readonly title: string;
  /** Stays whole as long as the others can be cut, because people copy it. */
  readonly isKey?: boolean;
}

const GAP = "  ";
/** Narrower than this, a column says nothing. */
const NARROWEST = 5;

/** Lays out a table that fits the output. Width is counted in cells of the terminal. */
export function toTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  { width, paint }: Pick<Output, "width" | "paint">,
): readonly string[] {
  const natural = columns.map(({ title }, index) =>
    Math.max(Bun.stringWidth(title), ...rows.map((row) => Bun.stringWidth(row[index]?.text ?? ""))),
  );
  const widths = width === undefined ? natural : fit(natural, columns, width - GAP.length * (columns.length - 1));
  const isLast = (index: number) => index === columns.length - 1;
  const line = (cells: readonly Cell[], toText: (cell: Cell, text: string) => string) =>
    cells
      .map((cell, index) => {
        const space = widths[index] ?? 0;
        const text = cut(cell.text, space);
        const padding = " ".repeat(Math.max(0, space - Bun.stringWidth(text)));
        if (cell.isNumber) return padding + toText(cell, text);
        return toText(cell, text) + (isLast(index) ? "" : padding);
      })
      .join(GAP)
      .trimEnd();
  const areNumbers = columns.map((_, index) => rows.some((row) => row[index]?.isNumber));
  const head = columns.map(({ title }, index) => ({ text: title, isNumber: areNumbers[index] === true }));
  return [
    line(head, (_, text) => paint("dim", text)),
    ...rows.map((row) => line(row, ({ style }, text) => (style ? paint(style, text) : text))),
  ];
}

/** Cuts a text to a number of cells. What is left out shows as `…`. */
export const cut = (text: string, cells: number): string =>
  Bun.stringWidth(text) <= cells ? text : Bun.sliceAnsi(text, 0, cells, { ellipsis: "…" });

/** Takes space from the widest columns until all fit, first from those that are no keys. */
function fit(natural: readonly number[], columns: readonly TableColumn[], space: number): readonly number[] {
  const widths = [...natural];
  const sum = () => widths.reduce((total, width) => total + width, 0);
  const narrow = (isEligible: (index: number) => boolean, floor: number) => {
    while (sum() > space) {
      const widest = widths.reduce((best, width, index) => {
        const isBetter = isEligible(index) && width > floor && width > (widths[best] ?? 0);
        return isBetter ? index : best;
      }, -1);
      if (widest === -1) return;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
  };
  narrow((index) => columns[index]?.isKey !== true, NARROWEST);
  narrow(() => true, 1);
  return widths;
}
