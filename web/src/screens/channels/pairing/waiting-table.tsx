import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { BROWSER, toIso } from "#web/screens/channels/pairing/paired-table.tsx";
import { Button } from "#web/ui/button.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Request = OutputOf<"devices.list">["pending"][number];

const whoOf = ({ metadata, sender_id }: Request): string => metadata.label || metadata.address || sender_id;

const columnsOf = (words: Texts["channels"]): readonly Column<Request>[] => [
  {
    key: "who",
    header: words.who,
    width: "minmax(0, 2fr)",
    cell: (request) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{whoOf(request)}</span>
        <span className="truncate text-soft max-sm:hidden">{request.chat_id || request.sender_id}</span>
      </span>
    ),
  },
  {
    key: "where",
    header: words.where,
    cell: ({ channel }) => (channel === BROWSER ? words.browser : channel),
    hideOnPhone: true,
  },
  {
    key: "code",
    header: words.code,
    width: "7rem",
    cell: ({ code }) => <span className="font-mono text-code">{code}</span>,
    hideOnPhone: true,
  },
  {
    key: "asked",
    header: words.asked,
    width: "9rem",
    cell: ({ created_at }) => <TimeText iso={toIso(created_at)} />,
    hideOnPhone: true,
  },
  {
    key: "expires",
    header: words.expires,
    width: "9rem",
    cell: ({ expires_at }) => <TimeText iso={toIso(expires_at)} />,
    hideOnPhone: true,
  },
];

const keyOf = ({ code }: Request) => code;

/** Those who ask for leave to write, with what an administrator decides. */
export function WaitingTable({ requests }: { readonly requests: readonly Request[] }) {
  const { channels: words } = useTexts();
  const toast = useToast();
  const approve = useAction("devices.approve");
  const deny = useAction("devices.deny");
  const columns = useMemo(() => columnsOf(words), [words]);
  const told = (title: string) => ({
    onSuccess: () => toast({ tone: "good", title }),
    onError: ({ message }: Error) => toast({ tone: "bad", title: message }),
  });
  return (
    <DataTable
      rows={requests}
      columns={columns}
      rowKey={keyOf}
      label={words.waiting}
      actionsWidth="11rem"
      rowActions={(request) => (
        <span className="flex gap-1.5">
          <Button
            size="sm"
            variant="ghost"
            onClick={() => deny.mutate({ code: request.code }, told(words.wasDenied(whoOf(request))))}
          >
            {words.deny}
          </Button>
          <Button
            size="sm"
            onClick={() => approve.mutate({ code: request.code }, told(words.wasApproved(whoOf(request))))}
          >
            {words.approve}
          </Button>
        </span>
      )}
    />
  );
}
