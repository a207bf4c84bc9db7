import { Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { InnerLink } from "#web/app/inner-link.tsx";
import { ConnectionNotice } from "#web/app/shell/connection-notice.tsx";
import { Palette } from "#web/app/shell/palette.tsx";
import { PhoneBar } from "#web/app/shell/phone-bar.tsx";
import { Sidebar } from "#web/app/shell/sidebar.tsx";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { LinkRoot } from "#web/ui/link.tsx";

/** The frame around every screen: navigation, account, the command palette and the state of the connection. */
export function Shell() {
  const { shell } = useTexts();
  const [isPaletteOpen, setIsPaletteOpen] = useState(false);
  const openPalette = () => setIsPaletteOpen(true);
  return (
    <LinkRoot renderLink={(props) => <InnerLink {...props} />}>
      <div className="flex h-dvh flex-col sm:flex-row">
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-raised focus:p-2"
        >
          {shell.skip}
        </a>
        <Sidebar onSearch={openPalette} />
        <main id="main" tabIndex={-1} className="relative min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
          <ConnectionNotice />
          <Outlet />
        </main>
        <PhoneBar onSearch={openPalette} />
        <Palette isOpen={isPaletteOpen} onChange={setIsPaletteOpen} />
      </div>
    </LinkRoot>
  );
}
