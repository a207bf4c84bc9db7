import { isRecord } from "#base/json.ts";
import { toAge } from "#cli/output/to-age.ts";
import { toText } from "#cli/output/to-cell.ts";
import { safeJson, safeText } from "#cli/terminal/safe-text.ts";
import type { Output } from "#cli/terminal/terminal.ts";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** Lists the fields of an answer, one on each line. Nothing is cut. */
export function toFields(answer: unknown, { paint }: Pick<Output, "paint">): readonly string[] {
  if (!isRecord(answer)) return safeJson(answer, 2).split("\n");
  const fields = Object.entries(answer).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return fields.flatMap(([name, value]) => {
    const [first = "", ...others] = toLines(value);
    const indent = " ".repeat(width + 2);
    return [`${paint("dim", name.padEnd(width))}  ${first}`, ...others.map((line) => indent + line)];
  });
}

function toLines(value: unknown): readonly string[] {
  if (typeof value === "string" && TIME.test(value)) return [`${toText(value)} (${toText(toAge(value))})`];
  if (typeof value === "string") return safeText(value).split("\n");
  const line = toText(value);
  const isLong = typeof value === "object" && line.length > 60;
  return isLong ? safeJson(value, 2).split("\n") : [line];
}
