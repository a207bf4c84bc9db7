import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { toDraft } from "#web/screens/agents/draft/agent-draft.ts";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { DeleteAgent } from "#web/screens/agents/list/delete-agent.tsx";
import { useAgentActions } from "#web/screens/agents/list/use-agent-actions.ts";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { IdText } from "#web/ui/text/id-text.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

/** What is known of an agent, and the way to end it. */
export function OverviewTab({ agent, form, mayChange }: AgentTabProps) {
  const { agents: words } = useTexts();
  return (
    <>
      <Card title={words.facts}>
        <Facts
          items={[
            { label: words.key, value: <code>{agent.agent_key}</code> },
            { label: words.id, value: <IdText id={agent.id} /> },
            { label: words.model, value: `${agent.provider} / ${agent.model}` },
            { label: words.owner, value: agent.owner_id },
            { label: words.workspace, value: <code>{agent.workspace}</code> },
            { label: words.created, value: <TimeText iso={agent.created_at} mode="dateTime" /> },
            { label: words.updated, value: <TimeText iso={agent.updated_at} /> },
          ]}
        />
      </Card>
      {mayChange && <DangerZone agent={agent} form={form} />}
    </>
  );
}

function DangerZone({ agent, form }: Pick<AgentTabProps, "agent" | "form">) {
  const { agents: words } = useTexts();
  const navigate = useNavigate();
  const { maySetDefault, setDefault, toggle } = useAgentActions(agent);
  const [isDeleting, setIsDeleting] = useState(false);
  const isOn = agent.status !== "inactive";
  return (
    <Card title={words.dangerZone} className="border-bad/40">
      <ul className="grid gap-4">
        {maySetDefault && (
          <Act text={words.defaultHint} button={<Button onClick={setDefault}>{words.makeDefault}</Button>} />
        )}
        <Act
          text={isOn ? words.turnOffHint : words.turnOnHint}
          button={<Button onClick={toggle}>{isOn ? words.turnOff : words.turnOn}</Button>}
        />
        <Act
          text={words.deleteLoses}
          button={
            <Button variant="danger" icon={Trash2} onClick={() => setIsDeleting(true)}>
              {words.deleteAgent}
            </Button>
          }
        />
      </ul>
      <DeleteAgent
        agent={agent}
        isOpen={isDeleting}
        onClose={() => setIsDeleting(false)}
        onDeleted={async () => {
          form.reset(toDraft(agent), { keepDirtyValues: false });
          await navigate({ to: "/agents", ignoreBlocker: true });
        }}
      />
    </Card>
  );
}

function Act({ text, button }: { readonly text: string; readonly button: React.ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <p className="max-w-[60ch] min-w-0 flex-1 basis-64 text-soft">{text}</p>
      {button}
    </li>
  );
}
