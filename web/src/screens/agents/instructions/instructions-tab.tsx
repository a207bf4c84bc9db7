import { useSearch } from "@tanstack/react-router";
import { Sparkles } from "lucide-react";
import { useState } from "react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { FileEditor, type FileName } from "#web/screens/agents/instructions/file-editor.tsx";
import { PromptCard } from "#web/screens/agents/instructions/prompt-card.tsx";
import { RewriteDialog } from "#web/screens/agents/instructions/rewrite-dialog.tsx";
import { Button } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { useRenderLink } from "#web/ui/link.tsx";
import { Card } from "#web/ui/page/card.tsx";

/** The files that say who an agent is, and the prompt that becomes of them. */
export function InstructionsTab({ agent, mayChange, onWrite }: AgentTabProps) {
  const { agents: words } = useTexts();
  const { item } = useSearch({ from: "/agents/$agentId" });
  const files = useCall("agents.files.list", { id: agent.id });
  const [isRewriting, setIsRewriting] = useState(false);
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
      <Card
        title={words.files}
        actions={
          mayChange && (
            <Button size="sm" icon={Sparkles} onClick={() => setIsRewriting(true)}>
              {words.rewrite}
            </Button>
          )
        }
      >
        <Answered query={files}>
          {({ files: all }) => {
            const chosen = all.find(({ name }) => name === item) ?? all[0];
            return (
              <div className="grid gap-4 sm:grid-cols-[11rem_minmax(0,1fr)]">
                <FileNames agentKey={agent.agent_key} files={all} chosen={chosen?.name} />
                {chosen && (
                  <FileEditor
                    key={chosen.name}
                    agent={agent}
                    name={chosen.name}
                    mayChange={mayChange}
                    onWrite={onWrite}
                  />
                )}
              </div>
            );
          }}
        </Answered>
      </Card>
      <PromptCard agent={agent} />
      {isRewriting && <RewriteDialog agent={agent} onClose={() => setIsRewriting(false)} />}
    </div>
  );
}

interface FileNamesProps {
  readonly agentKey: string;
  readonly files: readonly { readonly name: FileName; readonly missing: boolean; readonly size?: number }[];
  readonly chosen: FileName | undefined;
}

function FileNames({ agentKey, files, chosen }: FileNamesProps) {
  const { agents: words } = useTexts();
  const format = useFormat();
  const renderLink = useRenderLink();
  return (
    <nav aria-label={words.files} className="flex gap-1 overflow-x-auto sm:flex-col sm:overflow-visible">
      {files.map(({ name, missing, size = 0 }) => (
        <span key={name} className="contents">
          {renderLink({
            href: `/agents/${encodeURIComponent(agentKey)}?tab=instructions&item=${name}`,
            ...(name === chosen && { "aria-current": "true" as const }),
            className: cn(
              "focus-inset grid shrink-0 rounded-md px-2 py-1.5 hover:bg-hover pointer-coarse:min-h-11",
              name === chosen && "bg-selected hover:bg-selected",
            ),
            children: (
              <>
                <code className={cn("truncate", missing && "text-soft")}>{name}</code>
                <span className="truncate text-note text-soft">{missing ? words.notWritten : format.bytes(size)}</span>
              </>
            ),
          })}
        </span>
      ))}
    </nav>
  );
}
