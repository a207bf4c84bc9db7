import { MessageSquare, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Composer } from "#web/chat/composer/composer.tsx";
import { Transcript } from "#web/chat/transcript/transcript.tsx";
import { useConversation } from "#web/chat/use-conversation.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { type AgentForm, useChangeCount } from "#web/screens/agents/draft/use-agent-form.ts";
import { IconButton } from "#web/ui/button.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";

interface TryAgentProps {
  readonly agent: Agent;
  readonly form: AgentForm;
}

/** A chat that tries an agent beside its settings. It answers as it was saved last. */
export function TryAgent({ agent, form }: TryAgentProps) {
  const { agents: words } = useTexts();
  const [round, setRound] = useState(0);
  return (
    <section aria-label={words.tryIt} className="flex h-full min-h-0 flex-col rounded-lg border border-line bg-card">
      <header className="flex h-12 shrink-0 items-center justify-between gap-2 border-line border-b pr-2 pl-4">
        <h2 className="font-semibold">{words.tryIt}</h2>
        <div className="flex min-w-0 items-center gap-1">
          <DraftNote agent={agent} form={form} />
          <IconButton label={words.newTrial} icon={RotateCcw} size="sm" onClick={() => setRound(round + 1)} />
        </div>
      </header>
      <Trial key={round} agent={agent} />
    </section>
  );
}

/** Says that what is tried is not yet what the form shows. */
function DraftNote({ agent, form }: TryAgentProps) {
  const { agents: words } = useTexts();
  const count = useChangeCount(agent, form);
  return count === 0 ? null : (
    <Status tone="careful" className="truncate text-note">
      {words.triesSaved}
    </Status>
  );
}

function Trial({ agent }: { readonly agent: Agent }) {
  const { agents: words } = useTexts();
  const [sessionKey, setSessionKey] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const { items, isBusy, refusal, loadOlder, send, stop } = useConversation(agent.agent_key, sessionKey);
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
          agentName={name}
          isBusy={isBusy}
          onStop={stop}
          onSend={async (draft) => {
            setFailure(undefined);
            try {
              setSessionKey((await send(draft)).session_key);
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
