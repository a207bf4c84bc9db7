import { useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** The tenant that every gateway has, which can neither be suspended nor deleted. */
const MASTER = "master";

interface TenantActionsProps {
  readonly tenant: OutputOf<"tenants.get">;
  readonly onDeleted: () => void;
}

/** What ends a tenant, for a while or for good. */
export function TenantActions({ tenant, onDeleted }: TenantActionsProps) {
  const { settings, ui } = useTexts();
  const words = settings.people;
  const toast = useToast();
  const caller = useCaller();
  const update = useAction("tenants.update");
  const remove = useAction("tenants.delete");
  const [open, setOpen] = useState<"suspend" | "delete">();
  const { id, name, slug, status } = tenant;
  const close = () => setOpen(undefined);
  if (slug === MASTER) return <p className="mr-auto text-soft">{words.master}</p>;
  if (id === caller.tenant_id) return <p className="mr-auto text-soft">{words.isYours}</p>;

  function activate() {
    update.mutate({ id, status: "active" }, { onError: ({ message }) => toast({ tone: "bad", title: message }) });
  }

  return (
    <>
      <Button variant="ghost" className="mr-auto text-bad hover:text-bad" onClick={() => setOpen("delete")}>
        {ui.delete}
      </Button>
      {status === "active" ? (
        <Button onClick={() => setOpen("suspend")}>{words.suspend}</Button>
      ) : (
        <Button variant="primary" isBusy={update.isPending} onClick={activate}>
          {words.activate}
        </Button>
      )}
      <ConfirmDialog
        isOpen={open === "suspend"}
        onClose={close}
        title={words.suspendTitle(name)}
        loses={words.suspendLoses}
        action={words.suspend}
        onConfirm={async () => {
          await update.mutateAsync({ id, status: "suspended" });
          toast({ title: words.suspended(name), undo: activate });
        }}
      />
      <ConfirmDialog
        isOpen={open === "delete"}
        onClose={close}
        title={words.deleteTitle(name)}
        loses={words.deleteLoses}
        name={slug}
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
