import { useCallback, useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { BuiltinDetails } from "#web/screens/tools/builtin/builtin-details.tsx";
import { BuiltinSwitch } from "#web/screens/tools/builtin/builtin-switch.tsx";
import { toItemHref, useToolsSearch } from "#web/screens/tools/parts/use-tools-search.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";

export type BuiltinTool = OutputOf<"tools.builtin.list">["tools"][number];

/** The tools that come with the gateway. */
export function BuiltinTab() {
  const { tools: words } = useTexts();
  const { q, item, setSearch, close } = useToolsSearch();
  const tools = useCall("tools.builtin.list", {});
  const found = useMemo(() => findTools(tools.data?.tools ?? [], q), [tools.data, q]);
  const columns = useMemo<readonly Column<BuiltinTool>[]>(
    () => [
      {
        key: "name",
        header: words.tool,
        width: "minmax(0, 1fr)",
        cell: ({ name }) => <code className="font-medium">{name}</code>,
      },
      {
        key: "group",
        header: words.group,
        width: "7rem",
        cell: ({ group }) => <Badge>{group}</Badge>,
        hideOnPhone: true,
      },
      {
        key: "description",
        header: words.whatItDoes,
        width: "minmax(0, 4fr)",
        cell: ({ description }) => <span className="text-soft">{description}</span>,
        hideOnPhone: true,
      },
      {
        key: "settings",
        header: words.settings,
        width: "7rem",
        cell: ({ settings, settings_schema }) =>
          settings_schema && (Object.keys(settings).length > 0 ? words.ownSettings : words.hasSettings),
        hideOnPhone: true,
      },
    ],
    [words],
  );
  const rowActions = useCallback((tool: BuiltinTool) => <BuiltinSwitch tool={tool} />, []);
  return (
    <Answered query={tools}>
      {({ tools: all }) => {
        const chosen = all.find(({ name }) => name === item);
        return (
          <>
            <Toolbar end={words.countOn(all.filter(({ enabled }) => enabled).length, all.length)}>
              <SearchInput value={q} onChange={(q) => setSearch({ q })} placeholder={words.search} shortcut="/" />
            </Toolbar>
            {found.length === 0 ? (
              <EmptyState title={words.noMatch} />
            ) : (
              <DataTable
                rows={found}
                columns={columns}
                rowKey={keyOf}
                label={words.tabs.builtin}
                hrefOf={toHref}
                rowActions={rowActions}
                actionsWidth="3rem"
                selectedKey={chosen?.name}
                total={found.length}
              />
            )}
            <Drawer isOpen={chosen !== undefined} onClose={close} title={<code>{chosen?.name}</code>}>
              {chosen && <BuiltinDetails key={chosen.name} tool={chosen} />}
            </Drawer>
          </>
        );
      }}
    </Answered>
  );
}

const keyOf = ({ name }: BuiltinTool) => name;
const toHref = ({ name }: BuiltinTool) => toItemHref("builtin", name);

function findTools(tools: readonly BuiltinTool[], search: string): readonly BuiltinTool[] {
  const sought = search.trim().toLowerCase();
  return tools.filter(({ name, group, description }) =>
    [name, group, description].some((text) => text.toLowerCase().includes(sought)),
  );
}
