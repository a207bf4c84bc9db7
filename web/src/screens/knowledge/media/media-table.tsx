import { useCallback, useMemo } from "react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { kindOfType, type Media } from "#web/screens/knowledge/media/media-kind.ts";
import { MediaMenu } from "#web/screens/knowledge/media/media-menu.tsx";
import { Thumbnail } from "#web/screens/knowledge/media/thumbnail.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

interface MediaTableProps {
  readonly rows: readonly Media[];
  readonly total: number | undefined;
  /** What the URL keeps while a file is open. */
  readonly filter: { readonly q?: string; readonly kind?: string };
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly onMore: () => void;
}

/** Uploaded files. Administrators see whose they are. */
export function MediaTable({ rows, total, filter: { q = "", kind = "" }, ...more }: MediaTableProps) {
  const { knowledge: words } = useTexts();
  const format = useFormat();
  const isAdmin = hasRole(useCaller(), "admin");
  const columns = useMemo(
    (): readonly Column<Media>[] => [
      {
        key: "name",
        header: words.name,
        width: "minmax(0, 3fr)",
        cell: (media) => (
          <span className="flex min-w-0 items-center gap-2">
            <Thumbnail media={media} />
            <span className="truncate font-medium">{media.filename}</span>
          </span>
        ),
      },
      {
        key: "kind",
        header: words.kind,
        width: "9rem",
        cell: ({ mime_type }) => words.mediaKinds[kindOfType(mime_type)],
        hideOnPhone: true,
      },
      { key: "size", header: words.size, width: "6rem", align: "right", cell: ({ size }) => format.bytes(size) },
      ...(isAdmin
        ? [
            {
              key: "user",
              header: words.whose,
              width: "minmax(0, 1fr)",
              cell: ({ user_id }: Media) => user_id,
              hideOnPhone: true,
            },
          ]
        : []),
      {
        key: "uploaded",
        header: words.uploaded,
        width: "8rem",
        cell: ({ created_at }) => <TimeText iso={created_at} />,
        hideOnPhone: true,
      },
    ],
    [words, format, isAdmin],
  );
  const hrefOf = useCallback(
    ({ id }: Media) =>
      `/knowledge?${new URLSearchParams({ tab: "media", ...(q && { q }), ...(kind && { kind }), file: id })}`,
    [q, kind],
  );
  return (
    <DataTable
      rows={rows}
      columns={columns}
      rowKey={keyOf}
      hrefOf={hrefOf}
      label={words.media}
      rowActions={actionsOf}
      {...(total !== undefined && { total })}
      {...more}
    />
  );
}

const keyOf = ({ id }: Media) => id;
const actionsOf = (media: Media) => <MediaMenu media={media} />;
