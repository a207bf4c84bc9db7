import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { GrantedServers } from "#web/screens/agents/tools/granted-servers.tsx";
import { LinksCard } from "#web/screens/agents/tools/links-card.tsx";
import { ToolList } from "#web/screens/agents/tools/tool-list.tsx";

/** The tools that come of an agent's rules, the servers that it was granted, and the agents that it works with. */
export function ToolsTab(props: AgentTabProps) {
  const { agent } = props;
  return (
    <>
      <ToolList {...props} />
      <GrantedServers agent={agent} />
      <LinksCard agent={agent} />
    </>
  );
}
