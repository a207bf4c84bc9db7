import { useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { describeBrowser } from "#web/screens/settings/browsers/describe-browser.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Login = OutputOf<"logins.list">["logins"][number];
type Words = Texts["settings"]["browsers"];

function nameOf({ user_agent }: Login, words: Words): string {
  const { browser, system } = describeBrowser(user_agent);
  if (browser && system) return words.on(browser, system);
  return browser ?? system ?? (user_agent || words.unknown);
}

const columnsOf = (words: Words): readonly Column<Login>[] => [
  {
    key: "browser",
    header: words.browser,
    width: "minmax(0, 2fr)",
    cell: (login) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium" title={login.user_agent}>
          {nameOf(login, words)}
        </span>
        {login.is_current && <Badge tone="good">{words.isThis}</Badge>}
      </span>
    ),
  },
  { key: "user", header: words.user, cell: ({ user_id }) => user_id },
  { key: "with", header: words.madeWith, cell: ({ made_with }) => words.kinds[made_with], hideOnPhone: true },
  { key: "address", header: words.address, cell: ({ ip }) => ip || "—", hideOnPhone: true },
  {
    key: "used",
    header: words.lastUsed,
    width: "9rem",
    cell: ({ last_used_at }) => <TimeText iso={last_used_at} />,
    hideOnPhone: true,
  },
  {
    key: "expires",
    header: words.expires,
    width: "9rem",
    cell: ({ expires_at }) => <TimeText iso={expires_at} />,
    hideOnPhone: true,
  },
];

const keyOf = ({ id }: Login) => id;

/** Browsers with who uses them, of which any but this one can be signed out here. */
export function LoginTable({ logins }: { readonly logins: readonly Login[] }) {
  const { settings } = useTexts();
  const words = settings.browsers;
  const toast = useToast();
  const revoke = useAction("logins.revoke");
  const [chosen, setChosen] = useState<Login>();
  const columns = useMemo(() => columnsOf(words), [words]);
  return (
    <>
      <DataTable
        rows={logins}
        columns={columns}
        rowKey={keyOf}
        label={words.title}
        actionsWidth="6rem"
        rowActions={(login) =>
          !login.is_current && (
            <Button size="sm" variant="ghost" onClick={() => setChosen(login)}>
              {words.signOut}
            </Button>
          )
        }
      />
      <ConfirmDialog
        isOpen={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={words.signOutTitle(chosen ? nameOf(chosen, words) : "")}
        loses={words.signOutLoses(chosen?.user_id ?? "")}
        action={words.signOut}
        onConfirm={async () => {
          if (!chosen) return;
          await revoke.mutateAsync({ id: chosen.id });
          toast({ tone: "good", title: words.signedOut });
        }}
      />
    </>
  );
}
