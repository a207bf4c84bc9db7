import { useEffect } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useGateway } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import type { ListedServer } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { Button } from "#web/ui/button.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import { VirtualList } from "#web/ui/table/virtual-list.tsx";

/** The tools that a server has now, or why it does not say so. */
export function McpTools({ server }: { readonly server: ListedServer }) {
  const { tools: words, ui } = useTexts();
  const tools = useCall("mcp.servers.tools", { id: server.id }, { isEnabled: server.enabled });
  const { queries } = useGateway();
  const { dataUpdatedAt } = tools;
  // Asking for the tools connects, of which only administrators hear.
  useEffect(() => {
    if (dataUpdatedAt > 0)
      void queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => SHOW_STATE.has(name) });
  }, [dataUpdatedAt, queries]);
  if (!server.enabled) return <EmptyState title={words.serverOff} />;
  return (
    <Answered query={tools}>
      {({ tools: all, error }) => (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
          {error ? (
            <Callout
              tone="bad"
              title={words.connectsNot}
              action={
                <Button size="sm" isBusy={tools.isFetching} onClick={() => void tools.refetch()}>
                  {ui.tryAgain}
                </Button>
              }
            >
              {error}
            </Callout>
          ) : (
            <Status tone="good">{words.connects(all.length)}</Status>
          )}
          {all.length > 0 && (
            <VirtualList
              items={all}
              itemKey={({ name }) => name}
              label={words.mcpParts.tools}
              estimate={64}
              className="max-h-[60dvh]"
              render={({ name, description, call_name }) => (
                <div className="border-line border-b py-2">
                  <p className="flex flex-wrap items-baseline gap-x-3">
                    <code className="font-medium">{name}</code>
                    <code className="text-faint text-note">{call_name}</code>
                  </p>
                  {description && <p className="line-clamp-3 text-soft text-table">{description}</p>}
                </div>
              )}
            />
          )}
        </div>
      )}
    </Answered>
  );
}

const SHOW_STATE: ReadonlySet<unknown> = new Set(["mcp.servers.list", "mcp.servers.get"]);
