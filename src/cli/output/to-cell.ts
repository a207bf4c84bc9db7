import { isRecord } from "#base/json.ts";
import { toAge } from "#cli/output/to-age.ts";
import type { Cell } from "#cli/output/to-table.ts";
import { safeJson, safeLine } from "#cli/terminal/safe-text.ts";
import type { Style } from "#cli/terminal/terminal.ts";

/** How a value is shown. */
export type CellKind = "plain" | "age" | "cost" | "status" | "milliseconds";

const NOTHING: Cell = { text: "–", style: "dim" };

const STATUS_STYLES: ReadonlyMap<unknown, Style> = new Map([
  ...["active", "completed", "success"].map((word) => [word, "green"] as const),
  ...["running", "queued", "waiting", "summoning"].map((word) => [word, "yellow"] as const),
  ...["failed", "error", "summon_failed", "revoked"].map((word) => [word, "red"] as const),
  ...["cancelled", "inactive", "archived"].map((word) => [word, "dim"] as const),
]);

/** Converts a value to a cell. */
export function toCell(value: unknown, kind: CellKind = "plain"): Cell {
  if (value === undefined || value === null || value === "") return NOTHING;
  switch (kind) {
    case "age":
      return { text: safeLine(toAge(String(value))) };
    case "cost":
      return { text: value === 0 ? "–" : `$${Number(value).toFixed(4)}`, isNumber: true };
    case "milliseconds":
      return { text: toSeconds(Number(value)), isNumber: true };
    case "status":
      return withStyle(toText(value), STATUS_STYLES.get(value));
    case "plain":
      return { text: toText(value), ...(typeof value === "number" && { isNumber: true }) };
  }
}

/** Formats a duration in milliseconds. */
export const toSeconds = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

/** Formats a value as one line. */
export function toText(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((part) => !isRecord(part))) return value.map(toText).join(", ");
  return typeof value === "object" ? safeJson(value) : safeLine(String(value));
}

const withStyle = (text: string, style: Style | undefined): Cell => ({ text, ...(style && { style }) });
