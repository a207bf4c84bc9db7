import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { useCall, usePages } from "#web/live/use-call.ts";
import { needsTraces, type RunFilter, toRunsInput, toTracesInput } from "#web/screens/runs/list/run-filter.ts";
import { fromRun, fromTrace } from "#web/screens/runs/list/run-row.ts";

const rowsOfRuns = ({ runs }: OutputOf<"runs.list">) => runs.map(fromRun);
const rowsOfTraces = ({ traces }: OutputOf<"traces.list">) => traces.map(fromTrace);

/** Reads the runs that a filter lets through. Runs know the model, and traces can be searched. */
export function useRunRows(filter: RunFilter) {
  const searches = needsTraces(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a period begins when it is chosen
  const now = useMemo(() => Date.now(), [filter.from, filter.to]);
  const runsInput = toRunsInput(filter);
  const tracesInput = toTracesInput(filter, now);
  const runs = usePages("runs.list", runsInput, rowsOfRuns, { isEnabled: !searches });
  const traces = usePages("traces.list", tracesInput, rowsOfTraces, { isEnabled: searches });
  const runCount = useCall("runs.list", { ...runsInput, limit: 1 }, { isEnabled: !searches, keepsPrevious: true });
  const traceCount = useCall("traces.list", { ...tracesInput, limit: 1 }, { isEnabled: searches, keepsPrevious: true });
  return {
    query: searches ? traces : runs,
    total: (searches ? traceCount : runCount).data?.total,
    hasModel: !searches,
  };
}
