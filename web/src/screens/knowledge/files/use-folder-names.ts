import { useMemo } from "react";
import { useCall } from "#web/live/use-call.ts";

/** Returns what a folder is called. Those of agents have their ids as names, which say nothing to people. */
export function useFolderNames(): (name: string) => string {
  const agents = useCall("agents.list", {});
  return useMemo(() => {
    const keys = new Map(agents.data?.agents.map(({ id, agent_key }) => [id, agent_key]));
    return (name) => keys.get(name) ?? name;
  }, [agents.data]);
}
