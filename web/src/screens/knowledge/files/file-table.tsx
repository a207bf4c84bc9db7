import { Bot, File, FileCode, FileImage, FileText, Folder, type LucideIcon } from "lucide-react";
import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { fileHref, folderHref } from "#web/screens/knowledge/files/file-href.ts";
import { FileMenu } from "#web/screens/knowledge/files/file-menu.tsx";
import { kindOf } from "#web/screens/knowledge/files/kind-of.ts";
import { useFolderNames } from "#web/screens/knowledge/files/use-folder-names.ts";
import { Badge } from "#web/ui/badge.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";

export type FileEntry = OutputOf<"files.list">["files"][number];

const ICONS: Readonly<Record<ReturnType<typeof kindOf>, LucideIcon>> = {
  image: FileImage,
  markdown: FileText,
  text: FileCode,
  other: File,
};

interface FileTableProps {
  readonly files: readonly FileEntry[];
  readonly path: string;
}

/** The folders and files of one folder, folders first. */
export function FileTable({ files, path }: FileTableProps) {
  const { knowledge: words } = useTexts();
  const format = useFormat();
  const nameOf = useFolderNames();
  const sorted = useMemo(
    () =>
      files.toSorted(
        (a, b) =>
          Number(b.isDir) - Number(a.isDir) ||
          nameOf(a.name).localeCompare(nameOf(b.name), undefined, { numeric: true }),
      ),
    [files, nameOf],
  );
  const columns = useMemo(
    (): readonly Column<FileEntry>[] => [
      {
        key: "name",
        header: words.name,
        width: "minmax(0, 3fr)",
        cell: ({ name, isDir }) => {
          const shown = isDir ? nameOf(name) : name;
          const isAgent = shown !== name;
          const Icon = isAgent ? Bot : isDir ? Folder : ICONS[kindOf(name)];
          return (
            <span className="flex min-w-0 items-center gap-2">
              <Icon aria-hidden className="size-4 shrink-0 text-faint" />
              <span className="truncate font-medium">{shown}</span>
              {isAgent && <Badge className="max-sm:hidden">{words.ofAgent}</Badge>}
            </span>
          );
        },
      },
      {
        key: "kind",
        header: words.kind,
        width: "9rem",
        cell: ({ name, isDir }) => (isDir ? words.folder : words.kinds[kindOf(name)]),
        hideOnPhone: true,
      },
      {
        key: "size",
        header: words.size,
        width: "6rem",
        align: "right",
        cell: ({ size, isDir }) => (isDir ? "–" : format.bytes(size)),
      },
    ],
    [words, format, nameOf],
  );
  return (
    <DataTable
      rows={sorted}
      columns={columns}
      rowKey={keyOf}
      label={words.files}
      total={sorted.length}
      hrefOf={(entry) => (entry.isDir ? folderHref(entry.path) : fileHref(path, entry.path))}
      rowActions={(entry) => <FileMenu entry={entry} />}
    />
  );
}

const keyOf = ({ path }: FileEntry) => path;
