import { useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { McpAskForm } from "#web/screens/tools/mcp/mcp-ask-form.tsx";
import { McpGrantForm } from "#web/screens/tools/mcp/mcp-grant-form.tsx";
import { McpGrantRow } from "#web/screens/tools/mcp/mcp-grant-row.tsx";
import type { ListedServer } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { TakenRow } from "#web/screens/tools/parts/taken-row.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Grant = OutputOf<"mcp.grants.list">["grants"][number];

/** Which agents may use a server. Administrators change it, others ask for it. */
export function McpAccess({ server }: { readonly server: ListedServer }) {
  const { tools: words } = useTexts();
  const isAdmin = hasRole(useCaller(), "admin");
  const grants = useCall("mcp.grants.list", { id: server.id });
  const agents = useCall("agents.list", {});
  const revoke = useAction("mcp.grants.revoke_agent");
  const grant = useAction("mcp.grants.set_agent");
  const toast = useToast();
  const [taken, setTaken] = useState<readonly Grant[]>([]);
  const agentOf = (id: string) => agents.data?.agents.find((agent) => agent.id === id);
  const nameOf = (id: string) => agentOf(id)?.display_name || agentOf(id)?.agent_key || id;
  const onError = ({ message }: Error) => toast({ tone: "bad", title: words.notChanged, text: message });
  const without = (gone: Grant) => taken.filter(({ agent_id }) => agent_id !== gone.agent_id);
  const take = (gone: Grant) =>
    revoke.mutate(
      { id: server.id, agent_id: gone.agent_id },
      { onError, onSuccess: () => setTaken([...without(gone), gone]) },
    );
  const giveBack = (gone: Grant) =>
    grant.mutate(
      { id: server.id, agent_id: gone.agent_id, tool_allow: gone.tool_allow, tool_deny: gone.tool_deny },
      { onError, onSuccess: () => setTaken(without(gone)) },
    );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <Section title={words.grantedAgents}>
        <Answered query={grants}>
          {({ grants: all }) => {
            const gone = taken.filter(({ agent_id }) => !all.some((other) => other.agent_id === agent_id));
            return all.length === 0 && gone.length === 0 ? (
              <p className="text-soft">{words.noGrants}</p>
            ) : (
              <ul className="grid">
                {all.map((grant) => (
                  <McpGrantRow
                    key={grant.id}
                    grant={grant}
                    name={nameOf(grant.agent_id)}
                    agentKey={agentOf(grant.agent_id)?.agent_key}
                    onTake={isAdmin ? () => take(grant) : undefined}
                  />
                ))}
                {gone.map((grant) => (
                  <TakenRow key={grant.agent_id} whom={nameOf(grant.agent_id)} onUndo={() => giveBack(grant)} />
                ))}
              </ul>
            );
          }}
        </Answered>
      </Section>
      {isAdmin ? (
        <>
          <Section title={words.grantAgent} description={words.grantAgentHint}>
            <McpGrantForm serverId={server.id} />
          </Section>
          <Section title={words.limitUser} description={words.limitUserHint}>
            <McpGrantForm serverId={server.id} isForUser />
          </Section>
        </>
      ) : (
        <Section title={words.ask} description={words.askHint}>
          <McpAskForm serverId={server.id} />
        </Section>
      )}
    </div>
  );
}
