import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { AccountMenu } from "#web/app/shell/account-menu.tsx";
import { NAVIGATION } from "#web/app/shell/navigation.ts";
import { TenantMenu } from "#web/app/shell/tenant-menu.tsx";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Kbd } from "#web/ui/badge.tsx";
import { toKeyLabel } from "#web/ui/hooks/use-hotkey.ts";

/** The navigation of a wide window. */
export function Sidebar({ onSearch }: { readonly onSearch: () => void }) {
  const { navigation, shell } = useTexts();
  return (
    <div className="hidden w-60 shrink-0 flex-col gap-2 border-r border-line bg-card p-3 sm:flex">
      <TenantMenu />
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8 items-center gap-2 rounded-md border border-line bg-page px-2 text-soft hover:border-line-strong hover:text-ink"
      >
        <Search className="size-4 shrink-0" aria-hidden />
        <span className="min-w-0 flex-1 truncate text-left">{shell.search}</span>
        <Kbd>{toKeyLabel("mod+k")}</Kbd>
      </button>
      <nav aria-label={shell.navigation} className="flex flex-1 flex-col gap-0.5 overflow-y-auto">
        {NAVIGATION.map(({ to, name, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === "/" }}
            className="flex h-8 items-center gap-2.5 rounded-md px-2 text-soft no-underline hover:bg-hover hover:text-ink aria-[current=page]:bg-selected aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            <Icon className="size-4" aria-hidden />
            {navigation[name]}
          </Link>
        ))}
      </nav>
      <AccountMenu />
    </div>
  );
}
