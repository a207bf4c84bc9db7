import { useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Paired = OutputOf<"devices.list">["paired"][number];

/** The channel of browsers. All others are names of accounts. */
export const BROWSER = "browser";

export const toIso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const columnsOf = (words: Texts["channels"]): readonly Column<Paired>[] => [
  {
    key: "who",
    header: words.who,
    width: "minmax(0, 2fr)",
    cell: ({ sender_id }) => <span className="font-medium">{sender_id}</span>,
  },
  { key: "where", header: words.where, cell: ({ channel }) => (channel === BROWSER ? words.browser : channel) },
  { key: "by", header: words.approvedBy, cell: ({ paired_by }) => paired_by, hideOnPhone: true },
  {
    key: "at",
    header: words.approvedAt,
    width: "9rem",
    cell: ({ paired_at }) => <TimeText iso={toIso(paired_at)} />,
    hideOnPhone: true,
  },
  {
    key: "expires",
    header: words.expires,
    width: "9rem",
    cell: ({ expires_at }) => (expires_at === undefined ? "—" : <TimeText iso={toIso(expires_at)} />),
    hideOnPhone: true,
  },
];

const keyOf = ({ channel, sender_id }: Paired) => `${channel} ${sender_id}`;

/** Those who may write, with what takes their leave back. */
export function PairedTable({ paired }: { readonly paired: readonly Paired[] }) {
  const { channels: words } = useTexts();
  const toast = useToast();
  const revoke = useAction("devices.revoke");
  const [chosen, setChosen] = useState<Paired>();
  const columns = useMemo(() => columnsOf(words), [words]);
  return (
    <>
      <DataTable
        rows={paired}
        columns={columns}
        rowKey={keyOf}
        label={words.approved}
        hasHotkeys={false}
        actionsWidth="6rem"
        rowActions={(row) => (
          <Button size="sm" variant="ghost" onClick={() => setChosen(row)}>
            {words.revoke}
          </Button>
        )}
      />
      <ConfirmDialog
        isOpen={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={words.revokeTitle(chosen?.sender_id ?? "")}
        loses={words.revokeLoses}
        action={words.revoke}
        onConfirm={async () => {
          if (!chosen) return;
          const { sender_id, channel } = chosen;
          await revoke.mutateAsync({ sender_id, channel });
          toast({ tone: "good", title: words.wasRevoked(sender_id) });
        }}
      />
    </>
  );
}
