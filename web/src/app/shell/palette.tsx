import { useNavigate } from "@tanstack/react-router";
import { Bot, MessageSquare, MessageSquarePlus } from "lucide-react";
import { NAVIGATION } from "#web/app/shell/navigation.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import { CommandDialog, CommandEmpty, CommandGroup, CommandItem } from "#web/ui/command.tsx";
import { useHotkey } from "#web/ui/hooks/use-hotkey.ts";

interface PaletteProps {
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
}

/** How many conversations are offered. The rest is found on the screen of chats. */
const CONVERSATIONS = 20;

/** Goes anywhere by a few letters. Opens with ⌘K or Ctrl K. */
export function Palette({ isOpen, onChange }: PaletteProps) {
  const { navigation, shell } = useTexts();
  const navigate = useNavigate();
  const agents = useCall("agents.list", {}, { isEnabled: isOpen });
  const sessions = useCall("sessions.list", { limit: CONVERSATIONS }, { isEnabled: isOpen });
  useHotkey("mod+k", () => onChange(!isOpen));
  for (const { to, key } of NAVIGATION) {
    // biome-ignore lint/correctness/useHookAtTopLevel: the list never changes
    useHotkey(`g ${key}`, () => void navigate({ to }));
  }
  const go = (navigation: () => Promise<void>) => () => {
    onChange(false);
    void navigation();
  };
  return (
    <CommandDialog isOpen={isOpen} onClose={() => onChange(false)} label={shell.search}>
      <CommandEmpty>{shell.nothingFound}</CommandEmpty>
      <CommandGroup label={shell.goTo}>
        {NAVIGATION.map(({ to, name, icon, key }) => (
          <CommandItem
            key={to}
            icon={icon}
            label={navigation[name]}
            shortcut={`g ${key}`}
            onSelect={go(() => navigate({ to }))}
          />
        ))}
      </CommandGroup>
      <CommandGroup label={navigation.agents}>
        {agents.data?.agents.map(({ id, agent_key, display_name }) => (
          <CommandItem
            key={id}
            icon={Bot}
            label={display_name || agent_key}
            hint={agent_key}
            onSelect={go(() => navigate({ to: "/agents/$agentId", params: { agentId: agent_key } }))}
          />
        ))}
        {agents.data?.agents.map(({ id, agent_key, display_name }) => (
          <CommandItem
            key={`chat ${id}`}
            icon={MessageSquarePlus}
            label={shell.chatWith(display_name || agent_key)}
            onSelect={go(() => navigate({ to: "/chat", search: { agent: agent_key } }))}
          />
        ))}
      </CommandGroup>
      <CommandGroup label={shell.conversations}>
        {sessions.data?.sessions.map(({ key, label }) => (
          <CommandItem
            key={key}
            icon={MessageSquare}
            label={label || key}
            value={`${label} ${key}`}
            onSelect={go(() => navigate({ to: "/chat", search: { session: key } }))}
          />
        ))}
      </CommandGroup>
    </CommandDialog>
  );
}
