import { type ReactNode, useId, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialogs/dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  /** What will be gone. */
  readonly loses: ReactNode;
  /** Must be typed before the action is possible. */
  readonly name?: string;
  /** The verb on the button. */
  readonly action: string;
  /** Not dangerous: the button has the accent instead of red. */
  readonly isHarmless?: boolean;
  /** Closes the dialog when it succeeds. What it throws is shown. */
  readonly onConfirm: () => Promise<void> | void;
}

/** Use before what cannot be undone. What can be undone needs no question: do it, and offer `undo` in a toast. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return props.isOpen ? <Question {...props} /> : null;
}

function Question({ onClose, title, loses, name, action, isHarmless = false, onConfirm }: ConfirmDialogProps) {
  const texts = useTexts().ui;
  const formId = useId();
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const isReady = name === undefined || typed.trim() === name;

  async function confirm() {
    if (!isReady || isBusy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  }

  return (
    <Dialog
      isOpen
      onClose={() => !isBusy && onClose()}
      title={title}
      size="sm"
      footer={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            {texts.cancel}
          </Button>
          <Button
            type="submit"
            form={formId}
            variant={isHarmless ? "primary" : "danger"}
            isBusy={isBusy}
            disabled={!isReady}
          >
            {action}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <div className="max-w-prose text-soft">{loses}</div>
        {name !== undefined && (
          <Field label={texts.typeToConfirm(name)}>
            <TextInput
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        )}
        {failure && <Callout tone="bad">{failure}</Callout>}
      </form>
    </Dialog>
  );
}
