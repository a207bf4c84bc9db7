import { useCallback, useMemo } from "react";
import { useCall } from "#web/live/use-call.ts";

/** Returns how people call an agent that is known by its id or key. One that is gone is called by that. */
export function useAgentName(): (agent: string) => string {
  const { data } = useCall("agents.list", {});
  const names = useMemo(
    () =>
      new Map(
        data?.agents.flatMap(({ id, agent_key, display_name }) =>
          [id, agent_key].map((key) => [key, display_name || agent_key] as const),
        ),
      ),
    [data],
  );
  return useCallback((agent) => names.get(agent) ?? agent, [names]);
}
