import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { McpGrantForm } from "#web/screens/tools/mcp/mcp-grant-form.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { TextLink } from "#web/ui/link.tsx";

interface McpGrantRowProps {
  readonly grant: OutputOf<"mcp.grants.list">["grants"][number];
  /** Of its agent. */
  readonly name: string;
  readonly agentKey: string | undefined;
  /** Absent where the caller may not change it. */
  readonly onTake: (() => void) | undefined;
}

/** An agent that may use a server, with the tools that it may use of it. */
export function McpGrantRow({ grant, name, agentKey, onTake }: McpGrantRowProps) {
  const { tools: words, ui } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  const { server_id, agent_id, tool_allow, tool_deny } = grant;
  const which = words.whichTools(tool_allow?.length ?? 0, tool_deny?.length ?? 0);
  return (
    <li className="grid gap-2 border-line border-b py-1.5 last:border-0">
      <div className="flex min-h-8 items-center gap-3">
        <TextLink
          href={`/agents/${encodeURIComponent(agentKey ?? agent_id)}?tab=tools`}
          className="min-w-0 flex-1 truncate"
        >
          {name}
        </TextLink>
        {onTake ? (
          <>
            <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
              {which}
            </Button>
            <IconButton label={ui.remove(name)} icon={Trash2} size="sm" onClick={onTake} />
          </>
        ) : (
          <span className="text-soft">{which}</span>
        )}
      </div>
      {isOpen && (
        <McpGrantForm
          serverId={server_id}
          grant={{ agent_id, tool_allow: tool_allow ?? [], tool_deny: tool_deny ?? [] }}
          onDone={() => setIsOpen(false)}
        />
      )}
    </li>
  );
}
