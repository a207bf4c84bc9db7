import { Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { McpAccess } from "#web/screens/tools/mcp/mcp-access.tsx";
import { McpCredentials } from "#web/screens/tools/mcp/mcp-credentials.tsx";
import { McpDialog } from "#web/screens/tools/mcp/mcp-dialog.tsx";
import { McpState } from "#web/screens/tools/mcp/mcp-state.tsx";
import { McpStory } from "#web/screens/tools/mcp/mcp-story.tsx";
import { type ListedServer, toTarget } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { McpTools } from "#web/screens/tools/mcp/mcp-tools.tsx";
import { useToolsSearch } from "#web/screens/tools/parts/use-tools-search.ts";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { TabPanel, Tabs } from "#web/ui/tabs.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { useToast } from "#web/ui/toast.tsx";

const PARTS = ["tools", "access", "credentials", "story"] as const;

interface McpDetailsProps {
  readonly server: ListedServer;
  readonly onDeleted: () => void;
}

/** One MCP server: its tools, who may use them, and the credentials of the person who looks. */
export function McpDetails({ server, onDeleted }: McpDetailsProps) {
  const { tools: words, ui } = useTexts();
  const { part, setSearch } = useToolsSearch();
  const isAdmin = hasRole(useCaller(), "admin");
  const reconnect = useAction("mcp.servers.reconnect");
  const remove = useAction("mcp.servers.delete");
  const toast = useToast();
  const [open, setOpen] = useState<"edit" | "delete">();
  const { id, name, enabled, state, since } = server;
  const chosen = PARTS.find((value) => value === part) ?? "tools";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <p className="mr-auto flex min-w-0 flex-wrap items-center gap-x-3">
          <McpState state={state} isOn={enabled} />
          {enabled && since !== undefined && <TimeText iso={since} className="text-soft" />}
        </p>
        {isAdmin && (
          <>
            <Button
              size="sm"
              icon={RefreshCw}
              isBusy={reconnect.isPending}
              onClick={() =>
                reconnect.mutate(
                  { id },
                  {
                    onSuccess: () => toast({ tone: "good", title: words.reconnected }),
                    onError: ({ message }) => toast({ tone: "bad", title: words.notChanged, text: message }),
                  },
                )
              }
            >
              {words.reconnect}
            </Button>
            <Button size="sm" icon={Pencil} onClick={() => setOpen("edit")}>
              {words.edit}
            </Button>
            <Button size="sm" icon={Trash2} onClick={() => setOpen("delete")}>
              {ui.delete}
            </Button>
          </>
        )}
      </div>
      <CodeBlock code={toTarget(server)} wrap />
      <Tabs
        label={name}
        value={chosen}
        onValueChange={(part) => setSearch({ part })}
        items={PARTS.map((value) => ({ value, label: words.mcpParts[value] }))}
      >
        <TabPanel value="tools">
          <McpTools server={server} />
        </TabPanel>
        <TabPanel value="access">
          <McpAccess server={server} />
        </TabPanel>
        <TabPanel value="credentials">
          <McpCredentials server={server} />
        </TabPanel>
        <TabPanel value="story">
          <McpStory server={server} />
        </TabPanel>
      </Tabs>
      {open === "edit" && <McpDialog server={server} onClose={() => setOpen(undefined)} />}
      <ConfirmDialog
        isOpen={open === "delete"}
        onClose={() => setOpen(undefined)}
        title={words.deleteTitle(server.display_name || name)}
        loses={words.deleteServerLoses(server.agent_count)}
        name={name}
        action={ui.delete}
        onConfirm={async () => {
          await remove.mutateAsync({ id });
          onDeleted();
        }}
      />
    </div>
  );
}
