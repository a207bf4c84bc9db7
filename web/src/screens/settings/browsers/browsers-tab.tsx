import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { LoginTable } from "#web/screens/settings/browsers/login-table.tsx";
import { PairedBrowsers } from "#web/screens/settings/browsers/paired-browsers.tsx";
import { SignOutOthers } from "#web/screens/settings/browsers/sign-out-others.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { EmptyState } from "#web/ui/states.tsx";

/** The browsers that are signed in: one's own, and for administrators those of the tenant. */
export function BrowsersTab() {
  const { settings } = useTexts();
  const words = settings.browsers;
  const caller = useCaller();
  const logins = useCall("logins.list", {});
  const others =
    logins.data?.logins.filter(({ is_current, user_id }) => !is_current && user_id === caller.user_id) ?? [];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <Section
        title={words.title}
        description={words.hint}
        actions={others.length > 0 && <SignOutOthers logins={others} />}
      >
        <Answered query={logins}>
          {({ logins: all }) =>
            all.length === 0 ? <EmptyState title={words.empty} hint={words.emptyHint} /> : <LoginTable logins={all} />
          }
        </Answered>
      </Section>
      {hasRole(caller, "admin") && <PairedBrowsers />}
    </div>
  );
}
