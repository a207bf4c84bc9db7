import { type FormEventHandler, type ReactNode, useId } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { Dialog, type DialogProps } from "#web/ui/dialogs/dialog.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

interface FormDialogProps extends Pick<DialogProps, "onClose" | "title" | "description" | "size" | "children"> {
  /** The verb on the button that sends the form. */
  readonly action: string;
  readonly isBusy: boolean;
  /** What is wrong with the form as a whole. */
  readonly refusal?: string | undefined;
  readonly onSubmit: FormEventHandler;
  /** A button at the other end of the footer. */
  readonly start?: ReactNode;
  /** A dialog of its own, outside the form, which would be sent by its events. */
  readonly question?: ReactNode;
}

/** Use for a form that makes or changes one thing. */
export function FormDialog({
  action,
  isBusy,
  refusal,
  onSubmit,
  start,
  question,
  children,
  ...dialog
}: FormDialogProps) {
  const texts = useTexts().ui;
  const formId = useId();
  return (
    <Dialog
      isOpen
      {...dialog}
      footer={
        <>
          {start}
          <Button onClick={dialog.onClose}>{texts.cancel}</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={isBusy}>
            {action}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={onSubmit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {refusal && <Callout tone="bad" title={refusal} />}
        {children}
      </form>
      {question}
    </Dialog>
  );
}
