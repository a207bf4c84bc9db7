import { useEffect, useRef } from "react";
import type { RunState } from "#web/chat/run/run-state.ts";
import { useGateway } from "#web/live/gateway.tsx";
import { toKey } from "#web/live/query-key.ts";
import { useCall } from "#web/live/use-call.ts";
import type { Run } from "#web/screens/runs/run/story/to-steps.ts";

/** Spans are written once a second. After this time, in milliseconds, those of an ended call are there. */
const WRITTEN_AFTER = 1_600;
/** A run that ended longer ago, in milliseconds, has all of its spans. The clocks of both machines may differ a little. */
const LONG_AGO = 10_000;

/** Reads the spans of a run, and again after each step of it. */
export function useSpans(run: Run, state: RunState | undefined) {
  const trace = useCall("traces.get", { id: run.id });
  const { queries } = useGateway();
  const { refetch } = trace;
  const wasOver = useRef(run.ended_at !== undefined && Date.now() - Date.parse(run.ended_at) > LONG_AGO);
  const done = state
    ? [
        state.phase,
        state.turns.filter(({ isComplete }) => isComplete).length,
        state.turns.flatMap(({ calls }) => calls).filter(({ result }) => result).length,
      ].join()
    : "";
  useEffect(() => {
    if (wasOver.current || done === "") return;
    const timer = setTimeout(() => void refetch(), WRITTEN_AFTER);
    return () => clearTimeout(timer);
  }, [done, refetch]);
  // The event of the end comes by two ways. That by which the run is followed misses none.
  const isEnded = state?.phase === "ended";
  const { id, ended_at } = run;
  useEffect(() => {
    if (isEnded && ended_at === undefined) void queries.invalidateQueries({ queryKey: toKey("runs.get", { id }) });
  }, [isEnded, ended_at, id, queries]);
  return trace;
}
