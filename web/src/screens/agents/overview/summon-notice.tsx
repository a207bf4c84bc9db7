import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { Button } from "#web/ui/button.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

interface SummonNoticeProps {
  readonly agent: Agent;
  readonly mayChange: boolean;
}

/** Says that an agent's model is writing the agent's files, or that it could not. */
export function SummonNotice({ agent, mayChange }: SummonNoticeProps) {
  const { agents: words, ui } = useTexts();
  const cancel = useAction("agents.cancel-summon");
  const again = useAction("agents.resummon");
  const refusal = cancel.error ?? again.error;
  if (agent.status === "summoning")
    return (
      <Callout
        tone="live"
        title={words.summoning}
        action={
          mayChange && (
            <Button size="sm" isBusy={cancel.isPending} onClick={() => cancel.mutate({ id: agent.id })}>
              {ui.cancel}
            </Button>
          )
        }
      >
        {refusal?.message ?? words.summoningText}
      </Callout>
    );
  if (agent.status === "summon_failed")
    return (
      <Callout
        tone="bad"
        title={words.summonFailed}
        action={
          mayChange && (
            <Button size="sm" isBusy={again.isPending} onClick={() => again.mutate({ id: agent.id })}>
              {ui.tryAgain}
            </Button>
          )
        }
      >
        {refusal?.message ?? words.summonFailedText}
      </Callout>
    );
  return null;
}
