import type { ReactNode } from "react";

export interface Column<Row> {
  readonly key: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** A track of a CSS grid, such as `8rem` or `minmax(0, 2fr)`. */
  readonly width?: string;
  readonly align?: "right";
  /** Makes the header a button that sorts by this key. */
  readonly sortKey?: string;
  readonly hideOnPhone?: boolean;
}

export interface Sort {
  readonly key: string;
  readonly direction: "asc" | "desc";
}

export const DEFAULT_TRACK = "minmax(0, 1fr)";
