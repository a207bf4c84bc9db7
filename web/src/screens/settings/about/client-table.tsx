import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import type { Texts } from "#web/i18n/texts.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Badge } from "#web/ui/badge.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

type Client = NonNullable<OutputOf<"gateway.overview">["clients"]>[number];

const columnsOf = (
  words: Texts["settings"]["about"],
  roles: Texts["shell"]["roles"],
  currentId: string | undefined,
): readonly Column<Client>[] => [
  {
    key: "user",
    header: words.user,
    width: "minmax(0, 2fr)",
    cell: ({ id, userId }) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium">{userId}</span>
        {id === currentId && <Badge tone="good">{words.isThis}</Badge>}
      </span>
    ),
  },
  { key: "role", header: words.role, cell: ({ role }) => roles[role] },
  { key: "address", header: words.address, cell: ({ remoteAddr }) => remoteAddr, hideOnPhone: true },
  { key: "since", header: words.since, width: "9rem", cell: ({ connectedAt }) => <TimeText iso={connectedAt} /> },
];

const keyOf = ({ id }: Client) => id;

interface ClientTableProps {
  readonly clients: readonly Client[];
  /** The connection of this page. */
  readonly currentId?: string;
}

/** Who has an open connection to this process. */
export function ClientTable({ clients, currentId }: ClientTableProps) {
  const { settings, shell } = useTexts();
  const columns = useMemo(
    () => columnsOf(settings.about, shell.roles, currentId),
    [settings.about, shell.roles, currentId],
  );
  return (
    <DataTable rows={clients} columns={columns} rowKey={keyOf} label={settings.about.clients} hasHotkeys={false} />
  );
}
