import { Download, Ellipsis, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useDownload } from "#web/live/use-download.ts";
import { DeleteMedia } from "#web/screens/knowledge/media/delete-media.tsx";
import type { Media } from "#web/screens/knowledge/media/media-kind.ts";
import { IconButton } from "#web/ui/button.tsx";
import { Menu, type MenuItem } from "#web/ui/menu.tsx";

/** What a person can do with an uploaded file. */
export function MediaMenu({ media }: { readonly media: Media }) {
  const { knowledge: words, ui } = useTexts();
  const mayDelete = hasRole(useCaller(), "operator");
  const download = useDownload();
  const [isDeleting, setIsDeleting] = useState(false);
  const { id, filename } = media;
  const items: readonly MenuItem[] = [
    { label: words.download, icon: Download, onSelect: () => void download("media.get", { id }, filename) },
    ...(mayDelete ? [{ label: ui.delete, icon: Trash2, isDangerous: true, onSelect: () => setIsDeleting(true) }] : []),
  ];
  return (
    <>
      <Menu trigger={<IconButton icon={Ellipsis} label={words.actionsOf(filename)} size="sm" />} items={items} />
      <DeleteMedia media={media} isOpen={isDeleting} onClose={() => setIsDeleting(false)} />
    </>
  );
}
