import { useBlocker } from "@tanstack/react-router";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { findMemoryKey, type MemoryKey, toDocumentInput } from "#web/screens/knowledge/memory/memory-key.ts";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
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
  const { isDirty, isSubmitting } = formState;
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && !isSubmitting && !isSameDocument(current, next),
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      <ConfirmDialog
        isOpen={leaving.status === "blocked"}
        onClose={() => leaving.reset?.()}
        title={words.leaveTitle}
        loses={words.leaveLoses}
        action={words.leave}
        onConfirm={() => leaving.proceed?.()}
      />
      {refusal && <Callout tone="bad" title={refusal} />}
      {!isAdmin && document.user_id === undefined && <Callout tone="careful">{words.ownCopy}</Callout>}
      <Field label={words.content} error={errorOf("content")}>
        <TextArea {...register("content")} isMono rows={20} autoFocus spellCheck={false} />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>{ui.cancel}</Button>
        <Button type="submit" variant="primary" isBusy={isSubmitting}>
          {ui.save}
        </Button>
      </div>
    </form>
  );
}

interface Place {
  readonly pathname: string;
  readonly search: object;
}

/** A change of the filters leaves the document where it is. */
function isSameDocument(before: Place, after: Place): boolean {
  const keyOf = ({ search }: Place) => JSON.stringify(findMemoryKey(search));
  return before.pathname === after.pathname && keyOf(before) === keyOf(after);
}
