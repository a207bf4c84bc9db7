import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall, usePages } from "#web/live/use-call.ts";
import { type Instance, typeLabelOf } from "#web/screens/channels/channel-types.ts";
import { InstanceDrawer } from "#web/screens/channels/instances/instance-drawer.tsx";
import { InstanceState } from "#web/screens/channels/instances/instance-state.tsx";
import { NewChannelButton } from "#web/screens/channels/new-channel-button.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

const columnsOf = (words: Texts["channels"], agentOf: (id: string) => string): readonly Column<Instance>[] => [
  {
    key: "name",
    header: words.name,
    width: "minmax(0, 2fr)",
    cell: ({ name, display_name }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{display_name || name}</span>
        {display_name && <span className="truncate text-soft max-sm:hidden">{name}</span>}
      </span>
    ),
  },
  { key: "type", header: words.type, cell: ({ channel_type }) => typeLabelOf(channel_type), hideOnPhone: true },
  { key: "agent", header: words.agent, cell: ({ agent_id }) => agentOf(agent_id), hideOnPhone: true },
  {
    key: "state",
    header: words.state,
    width: "11rem",
    cell: ({ health, enabled }) => <InstanceState state={enabled ? health.state : "stopped"} />,
  },
  {
    key: "since",
    header: words.changed,
    width: "9rem",
    cell: ({ health }) => <TimeText iso={health.since} />,
    hideOnPhone: true,
  },
];

const keyOf = ({ id }: Instance) => id;
const toHref = ({ id }: Instance) => `/channels?item=${id}`;

/** All accounts on chat platforms, and the one that is open beside them. */
export function InstancesTab() {
  const { channels: words } = useTexts();
  const { item } = useSearch({ from: "/channels" });
  const navigate = useNavigate({ from: "/channels" });
  const isAdmin = hasRole(useCaller(), "admin");
  const [search, setSearch] = useState("");
  const instances = usePages("channels.instances.list", { ...(search && { search }) }, (answer) => answer.instances);
  const agents = useCall("agents.list", {});
  const columns = useMemo(() => {
    const names = new Map(
      agents.data?.agents.map(({ id, agent_key, display_name }) => [id, display_name || agent_key]),
    );
    return columnsOf(words, (id) => names.get(id) ?? id.slice(0, 8));
  }, [agents.data, words]);

  return (
    <>
      <Answered query={instances}>
        {(rows) =>
          rows.length === 0 && search === "" ? (
            <EmptyState title={words.empty} hint={words.emptyHint} action={isAdmin && <NewChannelButton />} />
          ) : (
            <>
              <Toolbar>
                <SearchInput value={search} onChange={setSearch} placeholder={words.search} shortcut="/" />
              </Toolbar>
              {rows.length === 0 ? (
                <EmptyState title={words.noMatch} />
              ) : (
                <DataTable
                  rows={rows}
                  columns={columns}
                  rowKey={keyOf}
                  label={words.title}
                  hrefOf={toHref}
                  selectedKey={item}
                  hasMore={instances.hasNextPage}
                  isLoadingMore={instances.isFetchingNextPage}
                  onMore={() => void instances.fetchNextPage()}
                />
              )}
            </>
          )
        }
      </Answered>
      {item && <InstanceDrawer id={item} onClose={() => void navigate({ search: {} })} />}
    </>
  );
}
