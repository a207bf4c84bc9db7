import { RotateCcw, Send, Square } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Transcript } from "#web/chat/transcript/transcript.tsx";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { type AgentForm, useChangeCount } from "#web/screens/agents/draft/use-agent-form.ts";
import { useTrial } from "#web/screens/agents/try/use-trial.ts";
import { IconButton } from "#web/ui/button.tsx";
import { TextArea } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { EmptyState, ForbiddenState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";

interface TryAgentProps {
  readonly agent: Agent;
  readonly form: AgentForm;
}

/** A chat that tries an agent beside its settings. It answers as it was saved last. */
export function TryAgent({ agent, form }: TryAgentProps) {
  const { agents: words } = useTexts();
  const trial = useTrial(agent);
  const mayRun = hasRole(useCaller(), "operator");
  const name = agent.display_name || agent.agent_key;
  return (
    <section aria-label={words.tryIt} className="flex h-full min-h-0 flex-col rounded-lg border border-line bg-card">
      <header className="flex h-12 shrink-0 items-center justify-between gap-2 border-line border-b pr-2 pl-4">
        <h2 className="font-semibold">{words.tryIt}</h2>
        <div className="flex min-w-0 items-center gap-1">
          <DraftNote agent={agent} form={form} />
          <IconButton
            label={words.newTrial}
            icon={RotateCcw}
            size="sm"
            disabled={trial.items.length === 0}
            onClick={trial.restart}
          />
        </div>
      </header>
      {trial.items.length > 0 ? (
        <Transcript items={trial.items} agentName={name} sessionKey={trial.sessionKey ?? ""} />
      ) : (
        <div className="flex min-h-0 flex-1 items-center overflow-y-auto">
          {mayRun ? (
            <EmptyState title={words.tryEmpty(name)} hint={words.tryHint} />
          ) : (
            <ForbiddenState reason={words.tryForbidden} />
          )}
        </div>
      )}
      {trial.refusal && (
        <div className="px-3 pb-2">
          <Callout tone="bad">{trial.refusal}</Callout>
        </div>
      )}
      {mayRun && <Composer isBusy={trial.isBusy} onSend={trial.send} onStop={trial.stop} />}
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

interface ComposerProps {
  readonly isBusy: boolean;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
}

function Composer({ isBusy, onSend, onStop }: ComposerProps) {
  const { agents: words } = useTexts();
  const [text, setText] = useState("");
  const isReady = text.trim() !== "" && !isBusy;
  function send() {
    if (!isReady) return;
    onSend(text.trim());
    setText("");
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }
  return (
    <div className="flex shrink-0 items-end gap-2 border-line border-t p-3">
      <TextArea
        aria-label={words.message}
        placeholder={words.message}
        rows={1}
        autoGrow
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="max-h-40 resize-none"
      />
      {isBusy ? (
        <IconButton label={words.stop} icon={Square} variant="secondary" onClick={onStop} />
      ) : (
        <IconButton label={words.send} icon={Send} variant="secondary" disabled={!isReady} onClick={send} />
      )}
    </div>
  );
}
