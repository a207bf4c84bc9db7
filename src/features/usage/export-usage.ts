import { setImmediate } from "node:timers/promises";
import { DAY, toTimestamp } from "#base/clock.ts";
import type { Context } from "#core/context.ts";
import { PiecesReply } from "#core/reply.ts";
import { chunk } from "#db/values.ts";
import { findAgentsById } from "#features/agents/index.ts";
import { IS_USED, matchFacts, SUMS, toFilter } from "#features/usage/match-facts.ts";
import { pointOf } from "#features/usage/read-points.ts";
import type { ExportUsageInput, PointGroup } from "#features/usage/schema.ts";
import { ZonedTime } from "#features/usage/time-zone.ts";
import { toUsageFields } from "#features/usage/to-sums.ts";
import { requireFewPoints, toWindow, zoneOf } from "#features/usage/to-window.ts";
import { type FactFilter, QUARTER, type UsageWindow } from "#runtime/usage/index.ts";

const USUAL_DAYS = 30;
const DIMENSIONS = ["user_id", "agent_id", "channel", "provider", "model"] as const;
const NUMBERS = [
  ...(["request_count", "error_count", "avg_duration_ms", "tool_call_count", "llm_call_count"] as const),
  ...(["input_tokens", "output_tokens", "cache_read_tokens", "cache_create_tokens", "total_cost"] as const),
];
const HEADER = ["time", "user_id", "agent_id", "agent_key", "channel", "provider", "model", ...NUMBERS];

/** Writes usage as CSV, one row for each hour or day and each user, agent, channel, provider and model. */
export async function exportUsage(ctx: Context, input: ExportUsageInput): Promise<PiecesReply> {
  const window = toWindow(ctx, input, USUAL_DAYS * DAY);
  requireFewPoints(window, input.group_by);
  const filter = await toFilter(ctx, input);
  const zone = new ZonedTime(zoneOf(input), window);
  const name = `usage-${toTimestamp(window.from).slice(0, 10)}.csv`;
  const pieces = writeRows(ctx, window, filter, { zone, group: input.group_by });
  // What fails at once is answered as an error. A failure after that breaks the answer off.
  const first = await pieces.next();
  return new PiecesReply(continueFrom(first, pieces), "text/csv; charset=utf-8", {
    "Content-Disposition": `attachment; filename="${name}"`,
  });
}

interface ExportOptions {
  readonly zone: ZonedTime;
  readonly group: PointGroup;
}

async function* writeRows(ctx: Context, window: UsageWindow, filter: FactFilter, options: ExportOptions) {
  let lines = toLine(HEADER);
  // One day after the other, as fast as the client reads.
  for (const day of daysOf(window, options.zone)) {
    for await (const rows of writeDay(ctx, day, filter, options)) {
      yield lines + rows;
      lines = "";
    }
  }
  if (lines !== "") yield lines;
}

async function* continueFrom(first: IteratorResult<string, void>, rest: AsyncGenerator<string, void>) {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

function* daysOf({ from, to, now }: UsageWindow, zone: ZonedTime): Generator<UsageWindow> {
  for (let begin = from; begin < to; ) {
    const day = zone.dayOf(Math.floor(begin.getTime() / QUARTER));
    const end = new Date(Math.min(to.getTime(), zone.beginOf(day + 1) * QUARTER));
    yield { from: begin, to: end, now };
    begin = end;
  }
}

async function* writeDay(ctx: Context, day: UsageWindow, filter: FactFilter, { zone, group }: ExportOptions) {
  const rows = await matchFacts(ctx, { window: day, filter, grain: "quarter" }, "users")
    .select(pointOf(zone, group).as("point"))
    .select([...DIMENSIONS])
    .select(SUMS)
    .groupBy(["point", ...DIMENSIONS])
    .having(IS_USED)
    .orderBy("point")
    .orderBy("user_id")
    .execute();
  const agents = await findAgentsById(ctx.db.read, [...new Set(rows.map(({ agent_id }) => agent_id))]);
  const toRow = ({ point, ...row }: (typeof rows)[number]): string => {
    const begin = group === "day" ? zone.beginOf(Number(point)) : zone.beginOfHour(Number(point));
    const fields = toUsageFields(row);
    return toLine([
      toTimestamp(new Date(begin * QUARTER)),
      row.user_id,
      row.agent_id,
      agents.get(row.agent_id)?.key ?? "",
      row.channel,
      row.provider,
      row.model,
      ...NUMBERS.map((name) => fields[name]),
    ]);
  };
  for (const some of chunk(rows, ROWS_PER_TURN)) {
    await setImmediate();
    yield some.map(toRow).join("");
  }
}

/** More would hold the event loop. */
const ROWS_PER_TURN = 500;

const toLine = (cells: readonly (string | number)[]): string => `${cells.map(toCell).join(",")}\r\n`;

const COST_DIGITS = 9;

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function toCell(value: string | number): string {
  // Spreadsheets read no exponents everywhere.
  if (typeof value === "number") return value.toFixed(COST_DIGITS).replace(/\.?0+$/, "");
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
