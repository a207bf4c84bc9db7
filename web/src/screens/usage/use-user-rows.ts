import { useQuery } from "@tanstack/react-query";
import type { GoClawError } from "#client/index.ts";
import { useGateway } from "#web/live/gateway.tsx";
import type { UsageNumbers } from "#web/screens/usage/measures.ts";
import type { Period, UsageFilter } from "#web/screens/usage/period.ts";
import { readCsv } from "#web/screens/usage/read-csv.ts";
import { toInput } from "#web/screens/usage/to-input.ts";

export type KeyedNumbers = UsageNumbers & { readonly key: string };

/** How long the rows are used before they are read again, in milliseconds. The file is larger than other answers. */
const FRESH_FOR = 60_000;

/** Sums up usage by person. Only the exported file names people, so it is read and added up here. */
export function useUserRows(filter: UsageFilter, period: Period, isEnabled: boolean) {
  const { client } = useGateway();
  const input = { ...toInput(filter, period), group_by: "day" as const };
  return useQuery<readonly KeyedNumbers[], GoClawError>({
    queryKey: ["people of usage", input],
    enabled: isEnabled,
    staleTime: FRESH_FOR,
    queryFn: async ({ signal }) => {
      const file = await client.call("usage.export", input, { signal });
      return addUp(readCsv(await file.text()));
    },
  });
}

const NUMBERS = [
  ...(["request_count", "total_cost", "input_tokens", "output_tokens"] as const),
  ...(["error_count", "llm_call_count", "tool_call_count"] as const),
];

/** Adds up the rows of each person. Requests weigh the mean times. */
function addUp(rows: readonly Readonly<Record<string, string>>[]): readonly KeyedNumbers[] {
  return [...Map.groupBy(rows, ({ user_id = "" }) => user_id)].map(([key, own]) => {
    const sumOf = (name: string) => own.reduce((sum, row) => sum + Number(row[name] ?? 0), 0);
    const [request_count = 0, total_cost = 0, input_tokens = 0, output_tokens = 0, ...rest] = NUMBERS.map(sumOf);
    const [error_count = 0, llm_call_count = 0, tool_call_count = 0] = rest;
    const spent = own.reduce((sum, row) => sum + Number(row.avg_duration_ms ?? 0) * Number(row.request_count ?? 0), 0);
    return {
      ...{ key, request_count, total_cost, input_tokens, output_tokens, error_count, llm_call_count, tool_call_count },
      avg_duration_ms: request_count === 0 ? 0 : spent / request_count,
    };
  });
}
