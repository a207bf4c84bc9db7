import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import type { Media } from "#web/screens/knowledge/media/media-kind.ts";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";

interface DeleteMediaProps {
  readonly media: Media;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Is called once the file is gone. */
  readonly onDeleted?: () => void;
}

/** Asks before an uploaded file is deleted, and says what stays. */
export function DeleteMedia({ media: { id, filename }, isOpen, onClose, onDeleted }: DeleteMediaProps) {
  const { knowledge: words, ui } = useTexts();
  const remove = useAction("media.delete");
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={words.removeTitle(filename)}
      loses={words.mediaLoses}
      name={filename}
      action={ui.delete}
      onConfirm={async () => {
        await remove.mutateAsync({ id });
        onDeleted?.();
      }}
    />
  );
}
