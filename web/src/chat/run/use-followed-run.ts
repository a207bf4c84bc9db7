import { useEffect, useState } from "react";
import { GoClawError, type RunEvent } from "#client/index.ts";
import { applyEvents, EMPTY_RUN, type RunState } from "#web/chat/run/run-state.ts";
import { useGateway } from "#web/live/gateway.tsx";

export interface FollowedRun {
  readonly runId: string;
  readonly state: RunState;
  /** Why it cannot be followed. */
  readonly refusal?: GoClawError;
}

/**
 * Follows a run from its first event, over breaks of the connection, also one that began before the page was loaded.
 * Events are collected for a frame, so that a fast model costs one rendering a frame.
 */
export function useFollowedRun(runId: string | undefined): FollowedRun | undefined {
  const { connection } = useGateway();
  const [followed, setFollowed] = useState<FollowedRun>();

  useEffect(() => {
    if (runId === undefined) return setFollowed(undefined);
    const stop = new AbortController();
    let state = EMPTY_RUN;
    let waiting: RunEvent[] = [];
    const show = () => {
      if (stop.signal.aborted) return;
      state = applyEvents(state, waiting);
      waiting = [];
      setFollowed({ runId, state });
    };
    const follow = async () => {
      for await (const event of connection.followRun(runId, { signal: stop.signal })) {
        if (waiting.push(event) === 1) requestFrame(show);
      }
    };
    show();
    follow().catch((thrown: unknown) => {
      if (!stop.signal.aborted && thrown instanceof GoClawError) setFollowed({ runId, state, refusal: thrown });
    });
    return () => stop.abort();
  }, [connection, runId]);

  return followed?.runId === runId ? followed : undefined;
}

/** A page in the background gets no frames, but still reads on. */
function requestFrame(show: () => void): void {
  if (document.hidden) setTimeout(show);
  else requestAnimationFrame(show);
}
