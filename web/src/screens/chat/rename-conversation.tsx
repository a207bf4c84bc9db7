import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";

interface RenameConversationProps {
  readonly sessionKey: string;
  readonly label: string;
  readonly onClose: () => void;
}

/** Gives a conversation another name. */
export function RenameConversation({ sessionKey, label, onClose }: RenameConversationProps) {
  const { chat: words, ui } = useTexts();
  const update = useAction("sessions.update");
  const { register, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { label },
    async send(input) {
      await update.mutateAsync({ key: sessionKey, ...input });
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={words.rename}
      size="sm"
      action={ui.save}
      isBusy={update.isPending}
      refusal={refusal}
      onSubmit={onSubmit}
    >
      <Field label={words.name} error={errorOf("label")}>
        <TextInput {...register("label")} autoComplete="off" />
      </Field>
    </FormDialog>
  );
}
