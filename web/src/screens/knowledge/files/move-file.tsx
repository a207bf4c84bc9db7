import { useId } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { baseName } from "#web/screens/knowledge/files/kind-of.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface MoveFileProps {
  readonly path: string;
  readonly onClose: () => void;
  readonly onMoved?: (() => void) | undefined;
}

/** Asks where a file or folder should be, or what it should be called. */
export function MoveFile({ path, onClose, onMoved }: MoveFileProps) {
  const { knowledge: words, ui } = useTexts();
  const formId = useId();
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
    <Dialog
      isOpen
      onClose={onClose}
      size="sm"
      title={words.moveTitle(baseName(path))}
      footer={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={formState.isSubmitting}>
            {words.move}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={onSubmit} className="grid gap-4">
        {refusal && <Callout tone="bad" title={refusal} />}
        <Field label={words.newPath} hint={words.newPathHint} error={errorOf("to")}>
          <TextInput {...register("to")} isMono autoComplete="off" spellCheck={false} />
        </Field>
      </form>
    </Dialog>
  );
}
