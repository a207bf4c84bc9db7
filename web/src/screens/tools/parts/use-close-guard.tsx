import { type ReactNode, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";

interface CloseGuard {
  /** Closes at once if nothing would be lost, and asks otherwise. */
  readonly close: () => void;
  readonly question: ReactNode;
}

/** Keeps what was written in a dialog from a key or a click beside it. */
export function useCloseGuard(isDirty: boolean, onClose: () => void): CloseGuard {
  const { tools: words } = useTexts();
  const [isAsking, setIsAsking] = useState(false);
  return {
    close: () => (isDirty ? setIsAsking(true) : onClose()),
    question: (
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={onClose}
        title={words.dropTitle}
        loses={words.dropText}
        action={words.drop}
      />
    ),
  };
}
