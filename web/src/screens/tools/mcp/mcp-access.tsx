import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { McpAskForm } from "#web/screens/tools/mcp/mcp-ask-form.tsx";
import { McpGrantForm } from "#web/screens/tools/mcp/mcp-grant-form.tsx";
import type { ListedServer } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { TextLink } from "#web/ui/link.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** Which agents may use a server. Administrators change it, others ask for it. */
export function McpAccess({ server }: { readonly server: ListedServer }) {
  const { tools: words, ui } = useTexts();
  const isAdmin = hasRole(useCaller(), "admin");
  const grants = useCall("mcp.grants.list", { id: server.id });
  const agents = useCall("agents.list", {});
  const revoke = useAction("mcp.grants.revoke_agent");
  const grant = useAction("mcp.grants.set_agent");
  const toast = useToast();
  const [changed, setChanged] = useState<string>();
  const agentOf = (id: string) => agents.data?.agents.find((agent) => agent.id === id);
  const nameOf = (id: string) => agentOf(id)?.display_name || agentOf(id)?.agent_key || id;
  const fail = ({ message }: Error) => toast({ tone: "bad", title: words.notChanged, text: message });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <Section title={words.grantedAgents}>
        <Answered query={grants}>
          {({ grants: all }) =>
            all.length === 0 ? (
              <p className="text-soft">{words.noGrants}</p>
            ) : (
              <ul className="grid">
                {all.map(({ id, agent_id, tool_allow, tool_deny }) => (
                  <li key={id} className="grid gap-2 border-line border-b py-1.5 last:border-0">
                    <div className="flex min-h-8 items-center gap-3">
                      <TextLink
                        href={`/agents/${encodeURIComponent(agentOf(agent_id)?.agent_key ?? agent_id)}?tab=tools`}
                        className="min-w-0 flex-1 truncate"
                      >
                        {nameOf(agent_id)}
                      </TextLink>
                      {isAdmin && (
                        <Button size="sm" variant="ghost" onClick={() => setChanged(changed === id ? undefined : id)}>
                          {words.whichTools(tool_allow?.length ?? 0, tool_deny?.length ?? 0)}
                        </Button>
                      )}
                      {isAdmin && (
                        <IconButton
                          label={ui.remove(nameOf(agent_id))}
                          icon={Trash2}
                          size="sm"
                          onClick={() =>
                            revoke.mutate(
                              { id: server.id, agent_id },
                              {
                                onError: fail,
                                onSuccess: () =>
                                  toast({
                                    title: words.revoked(nameOf(agent_id)),
                                    undo: () =>
                                      grant.mutate(
                                        { id: server.id, agent_id, tool_allow, tool_deny },
                                        { onError: fail },
                                      ),
                                  }),
                              },
                            )
                          }
                        />
                      )}
                    </div>
                    {changed === id && (
                      <McpGrantForm
                        serverId={server.id}
                        grant={{ agent_id, tool_allow: tool_allow ?? [], tool_deny: tool_deny ?? [] }}
                        onDone={() => setChanged(undefined)}
                      />
                    )}
                  </li>
                ))}
              </ul>
            )
          }
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
