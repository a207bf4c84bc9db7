import { useAction } from "#web/live/use-call.ts";
import type { ListedServer } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { InstantSwitch } from "#web/screens/tools/parts/instant-switch.tsx";

/** Switches an MCP server on or off. */
export function McpSwitch({ server }: { readonly server: ListedServer }) {
  const { mutateAsync } = useAction("mcp.servers.update");
  return (
    <InstantSwitch
      name={server.name}
      isOn={server.enabled}
      onTurn={(enabled) => mutateAsync({ id: server.id, enabled })}
    />
  );
}
