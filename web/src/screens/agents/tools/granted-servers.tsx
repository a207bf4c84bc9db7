import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { TextLink } from "#web/ui/link.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";

/** The MCP servers whose tools an agent may use. */
export function GrantedServers({ agent }: { readonly agent: Agent }) {
  const { agents: words } = useTexts();
  const grants = useCall("mcp.grants.of_agent", { agent_id: agent.id });
  const servers = useCall("mcp.servers.list", {});
  const nameOf = (id: string) => {
    const server = servers.data?.servers.find((server) => server.id === id);
    return server?.display_name || server?.name || id;
  };
  return (
    <Card title={words.mcpServers} actions={<TextLink href="/tools?tab=mcp">{words.allServers}</TextLink>}>
      <Answered query={grants}>
        {({ grants: all }) =>
          all.length === 0 ? (
            <EmptyState title={words.noServers} hint={words.noServersHint} />
          ) : (
            <ul className="grid">
              {all.map(({ id, server_id, enabled, tool_allow, tool_deny }) => (
                <li
                  key={id}
                  className="flex min-h-9 flex-wrap items-center gap-x-4 border-line border-b py-1 last:border-0"
                >
                  <TextLink href={`/tools?tab=mcp&item=${server_id}`} className="min-w-0 flex-1 truncate">
                    {nameOf(server_id)}
                  </TextLink>
                  <span className="text-note text-soft">
                    {words.someTools(tool_allow?.length ?? 0, tool_deny?.length ?? 0)}
                  </span>
                  <Status tone={enabled ? "good" : "idle"}>{enabled ? words.on : words.off}</Status>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Card>
  );
}
