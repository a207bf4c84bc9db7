import { useBlocker } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";

interface LeaveGuardProps {
  readonly isDirty: boolean;
  /** What another place on the same page would lose, by its search parameters. Without it, none does. */
  readonly loses?: (next: Readonly<Record<string, unknown>>) => boolean;
}

/** Asks before a person leaves changes that are not saved, also by the browser's own buttons. */
export function LeaveGuard({ isDirty, loses }: LeaveGuardProps) {
  const { agents: words } = useTexts();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isDirty && (current.pathname !== next.pathname || (loses?.(next.search) ?? false)),
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      isOpen={blocker.status === "blocked"}
      onClose={() => blocker.reset?.()}
      onConfirm={() => blocker.proceed?.()}
      title={words.leaveTitle}
      loses={words.leaveText}
      action={words.leave}
    />
  );
}
