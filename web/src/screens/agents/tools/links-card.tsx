import { Trash2 } from "lucide-react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { LinkForm } from "#web/screens/agents/tools/link-form.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { Switch } from "#web/ui/fields/switch.tsx";
import { TextLink } from "#web/ui/link.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { useToast } from "#web/ui/toast.tsx";

type AgentLink = OutputOf<"agents.links.list">["links"][number];

/** To which agents one hands tasks, and from which it gets them. */
export function LinksCard({ agent }: { readonly agent: Agent }) {
  const { agents: words } = useTexts();
  const links = useCall("agents.links.list", { agent_id: agent.id });
  const isAdmin = hasRole(useCaller(), "admin");
  return (
    <Card title={words.links}>
      <div className="grid gap-4">
        <Answered query={links}>
          {({ links: all }) =>
            all.length === 0 ? (
              <p className="text-soft">{words.noLinks}</p>
            ) : (
              <ul className="grid">
                {all.map((link) => (
                  <LinkRow key={link.id} link={link} agent={agent} mayChange={isAdmin} />
                ))}
              </ul>
            )
          }
        </Answered>
        {isAdmin && <LinkForm agent={agent} />}
      </div>
    </Card>
  );
}

interface LinkRowProps {
  readonly link: AgentLink;
  readonly agent: Agent;
  readonly mayChange: boolean;
}

function LinkRow({ link, agent, mayChange }: LinkRowProps) {
  const { agents: words, ui } = useTexts();
  const update = useAction("agents.links.update");
  const remove = useAction("agents.links.delete");
  const create = useAction("agents.links.create");
  const agents = useCall("agents.list", {});
  const toast = useToast();
  const isSource = link.source_agent_id === agent.id;
  const key = isSource ? link.target_agent_key : link.source_agent_key;
  const name = agents.data?.agents.find(({ agent_key }) => agent_key === key)?.display_name || key;
  const onError = ({ message }: Error) => toast({ tone: "bad", title: words.notChanged, text: message });
  const { source_agent_id: source_agent, target_agent_id: target_agent } = link;
  const { direction, description, max_concurrent, settings } = link;
  const giveBack = () =>
    create.mutate({ source_agent, target_agent, direction, description, max_concurrent, settings }, { onError });
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b py-1 last:border-0">
      <p className="min-w-0 flex-1 basis-60">
        <span className="text-soft">{wordOf(direction, isSource, words)}</span>{" "}
        <TextLink href={`/agents/${encodeURIComponent(key)}`}>{name}</TextLink>
        {description && <span className="block truncate text-note text-soft">{description}</span>}
      </p>
      <Switch
        isOn={link.status === "active"}
        disabled={!mayChange}
        label={words.linkOn(name)}
        hidesLabel
        onChange={(isOn) => update.mutate({ id: link.id, status: isOn ? "active" : "disabled" }, { onError })}
      />
      {mayChange && (
        <IconButton
          label={ui.remove(name)}
          icon={Trash2}
          size="sm"
          onClick={() =>
            remove.mutate(
              { id: link.id },
              { onError, onSuccess: () => toast({ title: words.linkRemoved, undo: giveBack }) },
            )
          }
        />
      )}
    </li>
  );
}

type Words = ReturnType<typeof useTexts>["agents"];

function wordOf(direction: AgentLink["direction"], isSource: boolean, words: Words): string {
  if (direction === "bidirectional") return words.linkBoth;
  return (direction === "outbound") === isSource ? words.linkOut : words.linkFrom;
}
