import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { InstancesCard } from "#web/screens/agents/people/instances-card.tsx";
import { SharesCard } from "#web/screens/agents/people/shares-card.tsx";

/** Who may use an agent, and who does. */
export function PeopleTab({ agent, mayChange }: AgentTabProps) {
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
      {mayChange && <SharesCard agent={agent} />}
      <InstancesCard agent={agent} mayChange={mayChange} />
    </div>
  );
}
