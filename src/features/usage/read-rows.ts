import type { Context } from "#core/context.ts";
import { IS_USED, matchFacts, SUMS } from "#features/usage/match-facts.ts";
import type { RowGroup, UsageRow } from "#features/usage/schema.ts";
import { toUsageFields } from "#features/usage/to-sums.ts";
import type { FactFilter, UsageWindow } from "#runtime/usage/index.ts";

/** Tells the usage of a window apart by a field. Most input tokens first, for channels most requests. */
export async function readRows(
  ctx: Context,
  window: UsageWindow,
  filter: FactFilter,
  group: RowGroup,
): Promise<readonly UsageRow[]> {
  const column = group === "agent" ? "agent_id" : group;
  const rows = await matchFacts(ctx, { window, filter, grain: "day" })
    .select(column)
    .select(SUMS)
    .groupBy(column)
    .having(IS_USED)
    .execute();
  const weight = (row: UsageRow) => (group === "channel" ? row.request_count : row.input_tokens);
  return rows
    .map((row) => ({ key: row[column], ...toUsageFields(row) }))
    .toSorted((a, b) => weight(b) - weight(a) || (a.key < b.key ? -1 : 1));
}
