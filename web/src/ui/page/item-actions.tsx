import { type ReactNode, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface ItemWords {
  readonly turnOn: string;
  readonly turnOff: string;
  readonly turnedOff: (name: string) => string;
  readonly edit: string;
  readonly delete: string;
  readonly deleteTitle: (name: string) => string;
  readonly deleteLoses: string;
  readonly deleted: (name: string) => string;
}

interface ItemActionsProps {
  readonly words: ItemWords;
  readonly name: string;
  readonly isOn: boolean;
  /** Turns it on or off. What it throws is shown. */
  readonly onTurn: (isOn: boolean) => Promise<unknown>;
  /** Returns the form that changes it. */
  readonly form: (close: () => void) => ReactNode;
  readonly onDelete: () => Promise<unknown>;
  readonly onDeleted: () => void;
}

/** Use below an item that can be turned on and off, changed and deleted. */
export function ItemActions({ words, name, isOn, onTurn, form, onDelete, onDeleted }: ItemActionsProps) {
  const { ui } = useTexts();
  const toast = useToast();
  const [open, setOpen] = useState<"edit" | "delete">();
  const [isTurning, setTurning] = useState(false);
  const close = () => setOpen(undefined);

  async function turn(next: boolean) {
    setTurning(true);
    try {
      await onTurn(next);
      if (!next) toast({ title: words.turnedOff(name), undo: () => void turn(true) });
    } catch (thrown) {
      toast({ tone: "bad", title: thrown instanceof Error ? thrown.message : String(thrown) });
    } finally {
      setTurning(false);
    }
  }

  return (
    <>
      <Button variant="ghost" className="mr-auto text-bad hover:text-bad" onClick={() => setOpen("delete")}>
        {ui.delete}
      </Button>
      <Button isBusy={isTurning} onClick={() => void turn(!isOn)}>
        {isOn ? words.turnOff : words.turnOn}
      </Button>
      <Button variant="primary" onClick={() => setOpen("edit")}>
        {words.edit}
      </Button>
      {open === "edit" && form(close)}
      <ConfirmDialog
        isOpen={open === "delete"}
        onClose={close}
        title={words.deleteTitle(name)}
        loses={words.deleteLoses}
        name={name}
        action={words.delete}
        onConfirm={async () => {
          await onDelete();
          toast({ tone: "good", title: words.deleted(name) });
          onDeleted();
        }}
      />
    </>
  );
}
