import { Check, ChevronsUpDown, Languages, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useAccount } from "#web/app/account.tsx";
import { usePreferences } from "#web/app/preferences.tsx";
import { THEMES } from "#web/app/theme.ts";
import { LANGUAGES, type Language } from "#web/i18n/languages.ts";
import { useLanguage, useTexts } from "#web/i18n/use-texts.tsx";
import { useCaller } from "#web/live/gateway.tsx";
import { Avatar } from "#web/ui/avatar.tsx";
import { Menu } from "#web/ui/menu.tsx";

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

/** Says who is signed in. Changes the theme and the language, and signs out. */
export function AccountMenu() {
  const { shell } = useTexts();
  const { theme, setTheme, setLanguage } = usePreferences();
  const { onSignOut } = useAccount();
  const language = useLanguage();
  const { user_id, role, login_id } = useCaller();
  return (
    <Menu
      trigger={
        <button type="button" className="flex h-11 w-full items-center gap-2 rounded-md px-1 text-left hover:bg-hover">
          <Avatar name={user_id} size="sm" />
          <span className="flex min-w-0 flex-1 flex-col">
            <span className="truncate">{user_id}</span>
            <span className="text-note text-soft">{shell.roles[role]}</span>
          </span>
          <ChevronsUpDown className="size-4 shrink-0 text-faint" aria-hidden />
        </button>
      }
      items={[
        ...THEMES.map((name) => ({
          label: shell.themes[name],
          icon: name === theme ? Check : THEME_ICONS[name],
          onSelect: () => setTheme(name),
        })),
        "separator" as const,
        ...(Object.keys(LANGUAGES) as Language[]).map((name) => ({
          label: LANGUAGES[name],
          icon: name === language ? Check : Languages,
          onSelect: () => void setLanguage(name),
        })),
        // Without a login there is nothing to end: the gateway lets everybody in.
        ...(login_id
          ? ["separator" as const, { label: shell.signOut, icon: LogOut, onSelect: () => void onSignOut() }]
          : []),
      ]}
    />
  );
}
