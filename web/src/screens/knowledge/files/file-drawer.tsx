import { Download } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useDownload } from "#web/live/use-download.ts";
import { FileMenu } from "#web/screens/knowledge/files/file-menu.tsx";
import { FilePreview } from "#web/screens/knowledge/files/file-preview.tsx";
import type { FileEntry } from "#web/screens/knowledge/files/file-table.tsx";
import { baseName } from "#web/screens/knowledge/files/kind-of.ts";
import { Button } from "#web/ui/button.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";

interface FileDrawerProps {
  readonly path: string;
  /** Absent for a file that the folder does not list. */
  readonly entry: FileEntry | undefined;
  readonly onClose: () => void;
}

/** A file, over the folder that it is in. */
export function FileDrawer({ path, entry, onClose }: FileDrawerProps) {
  const { knowledge: words } = useTexts();
  const download = useDownload();
  const name = baseName(path);
  return (
    <Drawer
      isOpen
      onClose={onClose}
      title={name}
      className="w-[min(48rem,100vw)]"
      footer={
        <>
          {entry && <FileMenu entry={entry} onGone={onClose} />}
          <Button icon={Download} onClick={() => void download("files.get", { path }, name)}>
            {words.download}
          </Button>
        </>
      }
    >
      <FilePreview path={path} size={entry?.size} />
    </Drawer>
  );
}
