import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { baseName } from "#web/screens/knowledge/files/kind-of.ts";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface MoveFileProps {
  readonly path: string;
  readonly onClose: () => void;
  readonly onMoved?: (() => void) | undefined;
}

/** Asks where a file or folder should be, or what it should be called. */
export function MoveFile({ path, onClose, onMoved }: MoveFileProps) {
  const { knowledge: words } = useTexts();
  const toast = useToast();
  const move = useAction("storage.move");
  const { register, onSubmit, errorOf, refusal, formState } = useForm({
    defaultValues: { to: path },
    async send({ to }) {
      const moved = await move.mutateAsync({ from: path, to });
      onClose();
      onMoved?.();
      toast({
        tone: "good",
        title: words.moved(moved.to),
        undo: () =>
          move.mutate(
            { from: moved.to, to: moved.from },
            { onError: ({ message }) => toast({ tone: "bad", title: message }) },
          ),
      });
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      size="sm"
      title={words.moveTitle(baseName(path))}
      action={words.move}
      isBusy={formState.isSubmitting}
      refusal={refusal}
      onSubmit={onSubmit}
    >
      <Field label={words.newPath} hint={words.newPathHint} error={errorOf("to")}>
        <TextInput {...register("to")} isMono autoComplete="off" spellCheck={false} />
      </Field>
    </FormDialog>
  );
}
