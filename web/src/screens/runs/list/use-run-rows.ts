import { useEffect, useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { useGateway } from "#web/live/gateway.tsx";
import { useCall, usePages } from "#web/live/use-call.ts";
import { needsTraces, type RunFilter, toRunsInput, toTracesInput } from "#web/screens/runs/list/run-filter.ts";
import { fromRun, fromTrace } from "#web/screens/runs/list/run-row.ts";

const rowsOfRuns = ({ runs }: OutputOf<"runs.list">) => runs.map(fromRun);
const rowsOfTraces = ({ traces }: OutputOf<"traces.list">) => traces.map(fromTrace);

/** A list of more rows is not read again by itself, but when the reader asks for it. */
const MOST_FRESH_ROWS = 300;

/**
 * Reads the runs that a filter lets through. Runs know the model, and traces can be searched. Events renew a short list.
 * In a long one, somebody reads far below, so it only tells that there is something new.
 */
export function useRunRows(filter: RunFilter) {
  const { queries } = useGateway();
  const searches = needsTraces(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a period begins when it is chosen
  const now = useMemo(() => Date.now(), [filter.from, filter.to]);
  const runsInput = toRunsInput(filter);
  const tracesInput = toTracesInput(filter, now);
  const runs = usePages("runs.list", runsInput, rowsOfRuns, { isEnabled: !searches, followsEvents: false });
  const traces = usePages("traces.list", tracesInput, rowsOfTraces, { isEnabled: searches, followsEvents: false });
  // The newest one is read again at each event, which tells when the list changed.
  const newestRun = useCall("runs.list", { ...runsInput, limit: 1 }, { isEnabled: !searches, keepsPrevious: true });
  const newestTrace = useCall(
    "traces.list",
    { ...tracesInput, limit: 1 },
    { isEnabled: searches, keepsPrevious: true },
  );
  const query = searches ? traces : runs;
  const newest = searches ? newestTrace : newestRun;
  const newestId = searches ? newestTrace.data?.traces[0]?.run_id : newestRun.data?.runs[0]?.id;

  const { refetch, dataUpdatedAt: readAt } = query;
  const isStale = newest.dataUpdatedAt > readAt && readAt > 0;
  const isShort = (query.data?.length ?? 0) <= MOST_FRESH_ROWS;
  useEffect(() => {
    if (isStale && isShort) void refetch();
  }, [isStale, isShort, refetch]);

  return {
    query,
    total: newest.data?.total,
    hasModel: !searches,
    /** True if a long list does not have the newest ones. */
    hasNews: isStale && !isShort && newestId !== query.data?.[0]?.id,
    /** Begins again with the newest ones. */
    renew: () => void queries.resetQueries({ queryKey: ["pages", searches ? "traces.list" : "runs.list"] }),
  };
}
