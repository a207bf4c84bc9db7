import { MessageSquare, PowerOff, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Composer } from "#web/chat/composer/composer.tsx";
import { Transcript } from "#web/chat/transcript/transcript.tsx";
import { useConversation } from "#web/chat/use-conversation.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import type { AgentForm } from "#web/screens/agents/draft/use-agent-form.ts";
import { type TriedDraft, useRunDraft, type WrittenFile } from "#web/screens/agents/draft/use-run-draft.ts";
import { IconButton } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { Callout } from "#web/ui/page/callout.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";

/** The conversation that tries an agent. It outlives the place where it is shown. */
export interface Trial {
  /** Absent until the first message. */
  readonly sessionKey: string | undefined;
  readonly setSessionKey: (key: string | undefined) => void;
}

interface TryAgentProps {
  readonly agent: Agent;
  readonly form: AgentForm;
  /** The file that a person is writing. */
  readonly file: WrittenFile | undefined;
  readonly trial: Trial;
  /** False where its place has a title and a frame already. */
  readonly isFramed?: boolean;
}

/** A chat that tries an agent beside its settings. It answers with what is changed there, before that is saved. */
export function TryAgent({ agent, form, file, trial, isFramed = true }: TryAgentProps) {
  const { agents: words } = useTexts();
  const tried = useRunDraft(agent, form, file);
  const [round, setRound] = useState(0);
  function restart() {
    trial.setSessionKey(undefined);
    setRound(round + 1);
  }
  return (
    <section
      aria-label={words.tryIt}
      className={cn("flex h-full min-h-0 flex-col", isFramed && "rounded-lg border border-line bg-card")}
    >
      <header className="flex h-12 shrink-0 items-center justify-between gap-2 border-line border-b pr-2 pl-4">
        <h2 className={cn("font-semibold", !isFramed && "sr-only")}>{words.tryIt}</h2>
        <div className="ml-auto flex min-w-0 items-center gap-1">
          <DraftNote {...tried} />
          <IconButton label={words.newTrial} icon={RotateCcw} size="sm" onClick={restart} />
        </div>
      </header>
      {agent.status === "inactive" ? (
        <div className="flex min-h-0 flex-1 items-center">
          <EmptyState icon={PowerOff} title={words.turnOnHint} />
        </div>
      ) : (
        <Conversation key={round} agent={agent} trial={trial} draft={tried.draft} />
      )}
    </section>
  );
}

/** Says whether what is tried is what the form shows. */
function DraftNote({ draft, hasMore }: TriedDraft) {
  const { agents: words } = useTexts();
  if (!draft && !hasMore) return null;
  return (
    <Status tone={hasMore ? "careful" : "good"} className="truncate text-note">
      {!hasMore ? words.triesDraft : draft ? words.triesPart : words.triesSaved}
    </Status>
  );
}

interface ConversationProps extends Pick<TryAgentProps, "agent" | "trial">, Pick<TriedDraft, "draft"> {}

function Conversation({ agent, trial, draft }: ConversationProps) {
  const { agents: words } = useTexts();
  const { sessionKey, setSessionKey } = trial;
  const [failure, setFailure] = useState<string>();
  const { items, isBusy, refusal, loadOlder, send, stop } = useConversation(agent.agent_key, sessionKey, draft);
  const name = agent.display_name || agent.agent_key;
  const reason = failure ?? refusal?.message;
  return (
    <>
      {items.length > 0 ? (
        <Transcript items={items} agentName={name} sessionKey={sessionKey ?? ""} onOlder={loadOlder} />
      ) : (
        <div className="flex min-h-0 flex-1 items-center overflow-y-auto">
          <EmptyState icon={MessageSquare} title={words.tryEmpty(name)} hint={words.tryHint} />
        </div>
      )}
      {reason !== undefined && (
        <div className="px-3 pb-2">
          <Callout tone="bad">{reason}</Callout>
        </div>
      )}
      <div className="shrink-0 px-3 pb-3">
        <Composer
          place={`try ${agent.agent_key}`}
          agentName={name}
          isBusy={isBusy}
          onStop={stop}
          onSend={async (message) => {
            setFailure(undefined);
            try {
              setSessionKey((await send(message)).session_key);
            } catch (thrown) {
              setFailure(thrown instanceof Error ? thrown.message : String(thrown));
              throw thrown;
            }
          }}
        />
      </div>
    </>
  );
}
