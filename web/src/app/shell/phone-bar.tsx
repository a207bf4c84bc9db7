import { Link } from "@tanstack/react-router";
import { Ellipsis, Search } from "lucide-react";
import { useState } from "react";
import { AccountMenu } from "#web/app/shell/account-menu.tsx";
import { NAVIGATION } from "#web/app/shell/navigation.ts";
import { TenantMenu } from "#web/app/shell/tenant-menu.tsx";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";

const IN_BAR = 4;
const ENTRY =
  "flex h-14 flex-1 flex-col items-center justify-center gap-1 text-note text-soft no-underline aria-[current=page]:text-accent";

/** The navigation of a phone: the first screens, and a drawer with all others. */
export function PhoneBar({ onSearch }: { readonly onSearch: () => void }) {
  const { navigation, shell } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  return (
    <nav
      aria-label={shell.navigation}
      className="flex shrink-0 border-t border-line bg-card pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {NAVIGATION.slice(0, IN_BAR).map(({ to, name, icon: Icon }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === "/" }} className={ENTRY}>
          <Icon className="size-5" aria-hidden />
          {navigation[name]}
        </Link>
      ))}
      <button type="button" className={ENTRY} onClick={() => setIsOpen(true)}>
        <Ellipsis className="size-5" aria-hidden />
        {shell.more}
      </button>
      <Drawer isOpen={isOpen} onClose={close} title={shell.more}>
        <div className="flex flex-col gap-3">
          <TenantMenu />
          <Button
            icon={Search}
            onClick={() => {
              close();
              onSearch();
            }}
          >
            {shell.search}
          </Button>
          {NAVIGATION.slice(IN_BAR).map(({ to, name, icon: Icon }) => (
            <Link
              key={to}
              to={to}
              onClick={close}
              className="flex h-11 items-center gap-3 rounded-md px-2 text-ink no-underline aria-[current=page]:bg-selected"
            >
              <Icon className="size-5" aria-hidden />
              {navigation[name]}
            </Link>
          ))}
          <AccountMenu />
        </div>
      </Drawer>
    </nav>
  );
}
