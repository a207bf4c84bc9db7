import { useBlocker } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";

/** Asks before changes are lost that are not saved. To look at another section loses nothing. */
export function LeaveGuard({ changes }: { readonly changes: number }) {
  const { settings } = useTexts();
  const words = settings.configuration;
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ next }) => changes > 0 && !("tab" in next.search && next.search.tab === "configuration"),
    enableBeforeUnload: () => changes > 0,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      isOpen={status === "blocked"}
      onClose={() => reset?.()}
      title={words.leaveTitle}
      loses={words.unsaved(changes)}
      action={words.leave}
      onConfirm={() => proceed?.()}
    />
  );
}
