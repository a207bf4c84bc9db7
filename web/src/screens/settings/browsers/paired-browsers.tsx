import { useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { TextLink } from "#web/ui/link.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Paired = OutputOf<"devices.list">["paired"][number];

const BROWSER = "browser";

const columnsOf = (words: Texts["settings"]["browsers"]): readonly Column<Paired>[] => [
  {
    key: "browser",
    header: words.browser,
    width: "minmax(0, 2fr)",
    cell: ({ sender_id }) => <span className="font-mono text-code">{sender_id}</span>,
  },
  { key: "by", header: words.pairedBy, cell: ({ paired_by }) => paired_by },
  {
    key: "at",
    header: words.pairedAt,
    width: "9rem",
    cell: ({ paired_at }) => <TimeText iso={new Date(paired_at).toISOString()} />,
    hideOnPhone: true,
  },
  {
    key: "expires",
    header: words.expires,
    width: "9rem",
    cell: ({ expires_at }) => (expires_at ? <TimeText iso={new Date(expires_at).toISOString()} /> : "—"),
    hideOnPhone: true,
  },
];

const keyOf = ({ sender_id }: Paired) => sender_id;

/** The browsers that an administrator let in without a token. */
export function PairedBrowsers() {
  const { settings } = useTexts();
  const words = settings.browsers;
  const toast = useToast();
  const devices = useCall("devices.list", {});
  const revoke = useAction("devices.revoke");
  const [chosen, setChosen] = useState<Paired>();
  const columns = useMemo(() => columnsOf(words), [words]);
  return (
    <Section title={words.paired} description={words.pairedHint}>
      <Answered query={devices}>
        {({ pending, paired }) => {
          const browsers = paired.filter(({ channel }) => channel === BROWSER);
          return (
            <>
              {pending.length > 0 && (
                <Callout
                  tone="careful"
                  title={words.waiting(pending.length)}
                  action={<TextLink href="/channels?tab=pairing">{words.waitingLink}</TextLink>}
                />
              )}
              {browsers.length === 0 ? (
                <p className="text-soft">{words.nonePaired}</p>
              ) : (
                <DataTable
                  rows={browsers}
                  columns={columns}
                  rowKey={keyOf}
                  label={words.paired}
                  hasHotkeys={false}
                  actionsWidth="5rem"
                  rowActions={(row) => (
                    <Button size="sm" variant="ghost" onClick={() => setChosen(row)}>
                      {words.unpair}
                    </Button>
                  )}
                />
              )}
            </>
          );
        }}
      </Answered>
      <ConfirmDialog
        isOpen={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={words.unpairTitle(chosen?.sender_id ?? "")}
        loses={words.unpairLoses}
        action={words.unpair}
        onConfirm={async () => {
          if (!chosen) return;
          await revoke.mutateAsync({ sender_id: chosen.sender_id, channel: BROWSER });
          toast({ tone: "good", title: words.signedOut });
        }}
      />
    </Section>
  );
}
