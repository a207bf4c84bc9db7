import { Plus, Unplug } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { McpDetails } from "#web/screens/tools/mcp/mcp-details.tsx";
import { McpDialog } from "#web/screens/tools/mcp/mcp-dialog.tsx";
import { McpRequests } from "#web/screens/tools/mcp/mcp-requests.tsx";
import { McpState } from "#web/screens/tools/mcp/mcp-state.tsx";
import { McpSwitch } from "#web/screens/tools/mcp/mcp-switch.tsx";
import { toItemHref, useToolsSearch } from "#web/screens/tools/parts/use-tools-search.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

export type ListedServer = OutputOf<"mcp.servers.list">["servers"][number];

/** The MCP servers of the tenant, and who asks for access to them. */
export function McpTab() {
  const { tools: words } = useTexts();
  const { q, item, setSearch, close } = useToolsSearch();
  const isAdmin = hasRole(useCaller(), "admin");
  const [isAdding, setIsAdding] = useState(false);
  const servers = useCall("mcp.servers.list", {});
  const found = useMemo(() => findServers(servers.data?.servers ?? [], q), [servers.data, q]);
  const columns = useMemo<readonly Column<ListedServer>[]>(
    () => [
      {
        key: "name",
        header: words.server,
        width: "minmax(0, 1fr)",
        cell: ({ name, display_name }) => <span className="font-medium">{display_name || name}</span>,
      },
      {
        key: "state",
        header: words.state,
        width: "9rem",
        cell: ({ state, enabled }) => <McpState state={state} isOn={enabled} />,
      },
      {
        key: "transport",
        header: words.transport,
        width: "9rem",
        cell: ({ transport }) => <Badge>{transport}</Badge>,
        hideOnPhone: true,
      },
      {
        key: "target",
        header: words.target,
        width: "minmax(0, 2fr)",
        cell: (server) => <code className="text-soft">{toTarget(server)}</code>,
        hideOnPhone: true,
      },
      {
        key: "agents",
        header: words.agents,
        width: "5rem",
        cell: ({ agent_count }) => <span className="tabular">{agent_count}</span>,
        hideOnPhone: true,
      },
      {
        key: "updated",
        header: words.updated,
        width: "8rem",
        cell: ({ updated_at }) => <TimeText iso={updated_at} />,
        hideOnPhone: true,
      },
    ],
    [words],
  );
  const rowActions = useCallback((server: ListedServer) => <McpSwitch server={server} />, []);
  const add = isAdmin && (
    <Button variant="primary" icon={Plus} onClick={() => setIsAdding(true)}>
      {words.addServer}
    </Button>
  );
  return (
    <>
      <McpRequests servers={servers.data?.servers ?? []} />
      <Answered query={servers}>
        {({ servers: all }) => {
          const chosen = all.find(({ id }) => id === item);
          return all.length === 0 ? (
            <EmptyState icon={Unplug} title={words.noServers} hint={words.noServersHint} action={add} />
          ) : (
            <>
              <Toolbar end={add}>
                <SearchInput value={q} onChange={(q) => setSearch({ q })} placeholder={words.search} shortcut="/" />
              </Toolbar>
              {found.length === 0 ? (
                <EmptyState title={words.noMatch} />
              ) : (
                <DataTable
                  rows={found}
                  columns={columns}
                  rowKey={keyOf}
                  label={words.tabs.mcp}
                  hrefOf={toHref}
                  rowActions={rowActions}
                  actionsWidth="3rem"
                  selectedKey={item}
                  total={found.length}
                />
              )}
              <Drawer
                isOpen={chosen !== undefined}
                onClose={close}
                title={chosen?.display_name || chosen?.name}
                className="w-[min(42rem,100vw)]"
              >
                {chosen && <McpDetails key={chosen.id} server={chosen} onDeleted={close} />}
              </Drawer>
            </>
          );
        }}
      </Answered>
      {isAdding && <McpDialog onClose={() => setIsAdding(false)} />}
    </>
  );
}

const keyOf = ({ id }: ListedServer) => id;
const toHref = ({ id }: ListedServer) => toItemHref("mcp", id);

/** Returns what a server is reached by. */
export const toTarget = ({ url, command, args = [] }: ListedServer): string => url ?? [command, ...args].join(" ");

function findServers(servers: readonly ListedServer[], search: string): readonly ListedServer[] {
  const sought = search.trim().toLowerCase();
  return servers.filter((server) =>
    [server.name, server.display_name, toTarget(server)].some((text) => text?.toLowerCase().includes(sought)),
  );
}
