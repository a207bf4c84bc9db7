import { Download, Ellipsis, FolderInput, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useDownload } from "#web/live/use-download.ts";
import type { FileEntry } from "#web/screens/knowledge/files/file-table.tsx";
import { MoveFile } from "#web/screens/knowledge/files/move-file.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { Menu, type MenuItem } from "#web/ui/menu.tsx";

interface FileMenuProps {
  readonly entry: FileEntry;
  /** Is called when it is no longer where it was. */
  readonly onGone?: () => void;
}

/** What a person can do with a file or a folder. */
export function FileMenu({ entry, onGone }: FileMenuProps) {
  const { knowledge: words, ui } = useTexts();
  const { path, name, isDir } = entry;
  const isAdmin = hasRole(useCaller(), "admin");
  const download = useDownload();
  const remove = useAction("storage.delete");
  const [dialog, setDialog] = useState<"move" | "remove">();
  const close = () => setDialog(undefined);
  const items: readonly MenuItem[] = [
    ...(isDir
      ? []
      : [{ label: words.download, icon: Download, onSelect: () => void download("files.get", { path }, name) }]),
    ...(isAdmin
      ? [
          { label: words.move, icon: FolderInput, onSelect: () => setDialog("move") },
          {
            label: ui.delete,
            icon: Trash2,
            isDangerous: true,
            isDisabled: entry.protected,
            reason: words.protected,
            onSelect: () => setDialog("remove"),
          },
        ]
      : []),
  ];
  if (items.length === 0) return null;
  return (
    <>
      <Menu trigger={<IconButton icon={Ellipsis} label={words.actionsOf(name)} size="sm" />} items={items} />
      {dialog === "move" && <MoveFile path={path} onClose={close} onMoved={onGone} />}
      <ConfirmDialog
        isOpen={dialog === "remove"}
        onClose={close}
        title={words.removeTitle(name)}
        loses={isDir ? words.folderLoses : words.fileLoses}
        name={name}
        action={ui.delete}
        onConfirm={async () => {
          await remove.mutateAsync({ path });
          onGone?.();
        }}
      />
    </>
  );
}
