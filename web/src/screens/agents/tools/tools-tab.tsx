import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { GrantedServers } from "#web/screens/agents/tools/granted-servers.tsx";
import { ToolList } from "#web/screens/agents/tools/tool-list.tsx";

/** The tools that come of an agent's rules, and the servers that it was granted. */
export function ToolsTab({ agent }: AgentTabProps) {
  return (
    <>
      <ToolList agent={agent} />
      <GrantedServers agent={agent} />
    </>
  );
}
