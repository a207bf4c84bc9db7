import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import type { Instance } from "#web/screens/channels/channel-types.ts";
import { ChannelForm } from "#web/screens/channels/form/channel-form.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface InstanceActionsProps {
  readonly instance: Instance;
  readonly onDeleted: () => void;
}

/** What an administrator does with an account: turn it on and off, change it, delete it. */
export function InstanceActions({ instance, onDeleted }: InstanceActionsProps) {
  const { channels: words, ui } = useTexts();
  const toast = useToast();
  const update = useAction("channels.instances.update");
  const remove = useAction("channels.instances.delete");
  const [open, setOpen] = useState<"edit" | "delete">();
  const { id, name, enabled } = instance;
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
      {open === "edit" && <ChannelForm instance={instance} onClose={close} />}
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
