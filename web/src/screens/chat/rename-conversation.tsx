import { useId } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

interface RenameConversationProps {
  readonly sessionKey: string;
  readonly label: string;
  readonly onClose: () => void;
}

/** Gives a conversation another name. */
export function RenameConversation({ sessionKey, label, onClose }: RenameConversationProps) {
  const { chat: words, ui } = useTexts();
  const formId = useId();
  const update = useAction("sessions.update");
  const { register, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { label },
    async send(input) {
      await update.mutateAsync({ key: sessionKey, ...input });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.rename}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={update.isPending}>
            {ui.save}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={onSubmit} className="grid gap-4">
        {refusal && <Callout tone="bad" title={refusal} />}
        <Field label={words.name} error={errorOf("label")}>
          <TextInput {...register("label")} autoComplete="off" />
        </Field>
      </form>
    </Dialog>
  );
}
