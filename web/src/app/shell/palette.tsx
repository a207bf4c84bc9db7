import { useNavigate } from "@tanstack/react-router";
import { Bot, MessageSquare, MessageSquarePlus } from "lucide-react";
import { useState } from "react";
import { NAVIGATION } from "#web/app/shell/navigation.ts";
import { usePaletteRows } from "#web/app/shell/use-palette-rows.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { CommandDialog, CommandEmpty, CommandGroup, CommandItem } from "#web/ui/command.tsx";
import { useHotkey } from "#web/ui/hooks/use-hotkey.ts";

interface PaletteProps {
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
}

/** The gateway's searches end at this length. */
const MAX_LENGTH = 200;

/** Goes anywhere by a few letters. Opens with ⌘K or Ctrl K. */
export function Palette({ isOpen, onChange }: PaletteProps) {
  const { navigation, shell } = useTexts();
  const navigate = useNavigate();
  const [search, setSearch] = useState("");
  const { agents, sessions, isSearching } = usePaletteRows(search, isOpen);
  const turn = (isOpen: boolean) => {
    setSearch("");
    onChange(isOpen);
  };
  useHotkey("mod+k", () => turn(!isOpen));
  for (const { to, key } of NAVIGATION) {
    // biome-ignore lint/correctness/useHookAtTopLevel: the list never changes
    useHotkey(`g ${key}`, () => void navigate({ to }));
  }
  const go = (navigation: () => Promise<void>) => () => {
    turn(false);
    void navigation();
  };
  // The palette compares what is typed with these words, so what the gateway found for it has to contain it. It is a
  // new item then, because the palette counts its groups only when items come.
  const wordsOf = (words: string, isFound: boolean) => (isFound ? `${words} ${search}` : words);
  return (
    <CommandDialog
      isOpen={isOpen}
      onClose={() => turn(false)}
      label={shell.search}
      search={search}
      onSearchChange={(search) => setSearch(search.slice(0, MAX_LENGTH))}
    >
      {!isSearching && <CommandEmpty>{shell.nothingFound}</CommandEmpty>}
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
        {agents.map(({ item: { id, agent_key, display_name }, isFound }) => (
          <CommandItem
            key={`${id} ${isFound}`}
            icon={Bot}
            label={display_name || agent_key}
            hint={agent_key}
            value={wordsOf(`${display_name ?? ""} ${agent_key}`, isFound)}
            onSelect={go(() => navigate({ to: "/agents/$agentId", params: { agentId: agent_key } }))}
          />
        ))}
        {agents.map(({ item: { id, agent_key, display_name } }) => (
          <CommandItem
            key={`chat ${id}`}
            icon={MessageSquarePlus}
            label={shell.chatWith(display_name || agent_key)}
            onSelect={go(() => navigate({ to: "/chat", search: { agent: agent_key } }))}
          />
        ))}
      </CommandGroup>
      <CommandGroup label={shell.conversations}>
        {sessions.map(({ item: { key, label }, isFound }) => (
          <CommandItem
            key={`${key} ${isFound}`}
            icon={MessageSquare}
            label={label || key}
            value={wordsOf(`${label ?? ""} ${key}`, isFound)}
            onSelect={go(() => navigate({ to: "/chat", search: { session: key } }))}
          />
        ))}
      </CommandGroup>
    </CommandDialog>
  );
}
