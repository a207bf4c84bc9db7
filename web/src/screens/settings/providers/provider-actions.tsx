import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { ProviderForm } from "#web/screens/settings/providers/provider-form.tsx";
import type { Provider } from "#web/screens/settings/providers/provider-types.ts";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface ProviderActionsProps {
  readonly provider: Provider;
  readonly onDeleted: () => void;
}

/** What an administrator does with a provider: turn it on and off, change it, delete it. */
export function ProviderActions({ provider, onDeleted }: ProviderActionsProps) {
  const { settings, ui } = useTexts();
  const words = settings.providers;
  const toast = useToast();
  const update = useAction("providers.update");
  const remove = useAction("providers.delete");
  const [open, setOpen] = useState<"edit" | "delete">();
  const { id, name, enabled } = provider;
  const close = () => setOpen(undefined);

  function turn(isOn: boolean) {
    update.mutate(
      { id, enabled: isOn },
      {
        onSuccess: () => !isOn && toast({ title: words.turnedOff(name), undo: () => turn(true) }),
        onError: ({ message }) => toast({ tone: "bad", title: message }),
      },
    );
  }

  return (
    <>
      <Button variant="ghost" className="mr-auto text-bad hover:text-bad" onClick={() => setOpen("delete")}>
        {ui.delete}
      </Button>
      <Button isBusy={update.isPending} onClick={() => turn(!enabled)}>
        {enabled ? words.turnOff : words.turnOn}
      </Button>
      <Button variant="primary" onClick={() => setOpen("edit")}>
        {words.edit}
      </Button>
      {open === "edit" && <ProviderForm provider={provider} onClose={close} />}
      <ConfirmDialog
        isOpen={open === "delete"}
        onClose={close}
        title={words.deleteTitle(name)}
        loses={words.deleteLoses}
        name={name}
        action={words.delete}
        onConfirm={async () => {
          await remove.mutateAsync({ id });
          toast({ tone: "good", title: words.deleted(name) });
          onDeleted();
        }}
      />
    </>
  );
}
