import { Ellipsis, MessageSquare, Power, Star, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { DeleteAgent } from "#web/screens/agents/list/delete-agent.tsx";
import { useAgentActions } from "#web/screens/agents/list/use-agent-actions.ts";
import { IconButton } from "#web/ui/button.tsx";
import { Menu, type MenuItem } from "#web/ui/menu.tsx";

interface AgentMenuProps {
  readonly agent: Agent;
  readonly onChat: () => void;
  /** Called once the agent is gone. */
  readonly onDeleted?: () => Promise<void>;
  readonly size?: "sm" | "md";
}

/** What can be done with an agent at once, as far as the caller may. */
export function AgentMenu({ agent, onChat, onDeleted, size = "md" }: AgentMenuProps) {
  const { agents: words, ui } = useTexts();
  const { mayChange, maySetDefault, setDefault, toggle } = useAgentActions(agent);
  const [isDeleting, setIsDeleting] = useState(false);
  const isOn = agent.status !== "inactive";
  const items: readonly (MenuItem | "separator")[] = [
    { label: words.chat, icon: MessageSquare, onSelect: onChat },
    ...(maySetDefault ? [{ label: words.makeDefault, icon: Star, onSelect: setDefault }] : []),
    ...(mayChange
      ? [
          { label: isOn ? words.turnOff : words.turnOn, icon: Power, onSelect: toggle },
          "separator" as const,
          { label: words.deleteAgent, icon: Trash2, isDangerous: true, onSelect: () => setIsDeleting(true) },
        ]
      : []),
  ];
  return (
    <>
      <Menu trigger={<IconButton label={ui.more} icon={Ellipsis} size={size} />} items={items} />
      <DeleteAgent
        agent={agent}
        isOpen={isDeleting}
        onClose={() => setIsDeleting(false)}
        {...(onDeleted && { onDeleted })}
      />
    </>
  );
}
