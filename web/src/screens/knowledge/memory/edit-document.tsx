import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { type MemoryKey, toDocumentInput } from "#web/screens/knowledge/memory/memory-key.ts";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextArea } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface EditDocumentProps {
  readonly id: MemoryKey;
  readonly document: OutputOf<"memory.documents.get">;
  readonly onDone: () => void;
}

/** Changes the text of a document. What was there before can be brought back. */
export function EditDocument({ id, document, onDone }: EditDocumentProps) {
  const { knowledge: words, ui } = useTexts();
  const toast = useToast();
  const put = useAction("memory.documents.put");
  const isAdmin = hasRole(useCaller(), "admin");
  const input = toDocumentInput(id);
  const { register, onSubmit, errorOf, refusal, formState } = useForm({
    defaultValues: { content: document.content },
    async send({ content }) {
      await put.mutateAsync({ ...input, content });
      toast({
        tone: "good",
        title: words.saved,
        undo: () =>
          put.mutate(
            { ...input, content: document.content },
            { onError: ({ message }) => toast({ tone: "bad", title: message }) },
          ),
      });
      onDone();
    },
  });
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      {refusal && <Callout tone="bad" title={refusal} />}
      {!isAdmin && document.user_id === undefined && <Callout tone="careful">{words.ownCopy}</Callout>}
      <Field label={words.content} error={errorOf("content")}>
        <TextArea {...register("content")} isMono rows={20} autoFocus spellCheck={false} />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>{ui.cancel}</Button>
        <Button type="submit" variant="primary" isBusy={formState.isSubmitting}>
          {ui.save}
        </Button>
      </div>
    </form>
  );
}
