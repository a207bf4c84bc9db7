import { Plus, SquareTerminal } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall, usePages } from "#web/live/use-call.ts";
import { CustomDetails } from "#web/screens/tools/custom/custom-details.tsx";
import { CustomDialog } from "#web/screens/tools/custom/custom-dialog.tsx";
import { CustomSwitch } from "#web/screens/tools/custom/custom-switch.tsx";
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

export type CustomTool = OutputOf<"tools.custom.get">;

/** The tenant's own tools, each made from a command. */
export function CustomTab() {
  const { tools: words } = useTexts();
  const { q, item, setSearch, close } = useToolsSearch();
  const isAdmin = hasRole(useCaller(), "admin");
  const [isCreating, setIsCreating] = useState(false);
  const tools = usePages(
    "tools.custom.list",
    { ...(q !== "" && { search: q }), ...(isAdmin && { enabled: "all" as const }) },
    ({ tools }) => tools,
  );
  const columns = useMemo<readonly Column<CustomTool>[]>(
    () => [
      {
        key: "name",
        header: words.tool,
        width: "minmax(0, 1fr)",
        cell: ({ name }) => <code className="font-medium">{name}</code>,
      },
      {
        key: "description",
        header: words.whatItDoes,
        width: "minmax(0, 2fr)",
        cell: ({ description, command }) => <span className="text-soft">{description || command}</span>,
        hideOnPhone: true,
      },
      {
        key: "effect",
        header: words.repeats,
        width: "8rem",
        cell: ({ effect }) => words.effects[effect],
        hideOnPhone: true,
      },
      {
        key: "tags",
        header: words.tags,
        width: "10rem",
        cell: ({ tags }) => (
          <span className="flex gap-1">
            {tags.slice(0, 2).map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </span>
        ),
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
  const rowActions = useCallback((tool: CustomTool) => <CustomSwitch tool={tool} />, []);
  const create = isAdmin && (
    <Button variant="primary" icon={Plus} onClick={() => setIsCreating(true)}>
      {words.newTool}
    </Button>
  );
  return (
    <>
      <Answered query={tools}>
        {(rows) =>
          rows.length === 0 && q === "" ? (
            <EmptyState icon={SquareTerminal} title={words.noCustom} hint={words.noCustomHint} action={create} />
          ) : (
            <>
              <Toolbar end={create}>
                <SearchInput value={q} onChange={(q) => setSearch({ q })} placeholder={words.search} shortcut="/" />
              </Toolbar>
              {rows.length === 0 ? (
                <EmptyState title={words.noMatch} />
              ) : (
                <DataTable
                  rows={rows}
                  columns={columns}
                  rowKey={keyOf}
                  label={words.tabs.custom}
                  hrefOf={toHref}
                  rowActions={rowActions}
                  actionsWidth="3rem"
                  selectedKey={item}
                  hasMore={tools.hasNextPage}
                  isLoadingMore={tools.isFetchingNextPage}
                  onMore={() => void tools.fetchNextPage()}
                />
              )}
            </>
          )
        }
      </Answered>
      {item !== undefined && <CustomDrawer key={item} id={item} onClose={close} />}
      {isCreating && <CustomDialog onClose={() => setIsCreating(false)} />}
    </>
  );
}

const keyOf = ({ id }: CustomTool) => id;
const toHref = ({ id }: CustomTool) => toItemHref("custom", id);

function CustomDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { tools: words } = useTexts();
  const tool = useCall("tools.custom.get", { id });
  return (
    <Drawer isOpen onClose={onClose} title={tool.data ? <code>{tool.data.name}</code> : words.tool}>
      <Answered query={tool}>{(found) => <CustomDetails tool={found} onDeleted={onClose} />}</Answered>
    </Drawer>
  );
}
