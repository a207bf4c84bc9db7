import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextArea } from "#web/ui/fields/text-input.tsx";

interface RewriteDialogProps {
  readonly agent: Agent;
  readonly onClose: () => void;
}

/** Lets the agent's own model change the agent's files, as a person asks for. */
export function RewriteDialog({ agent, onClose }: RewriteDialogProps) {
  const { agents: words } = useTexts();
  const regenerate = useAction("agents.regenerate");
  const { register, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { prompt: "" },
    async send({ prompt }) {
      await regenerate.mutateAsync({ id: agent.id, ...(prompt.trim() !== "" && { prompt }) });
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={words.rewrite}
      description={words.rewriteText}
      action={words.rewrite}
      isBusy={regenerate.isPending}
      refusal={refusal}
      onSubmit={onSubmit}
    >
      <Field label={words.rewriteHow} hint={words.rewriteHint} error={errorOf("prompt")}>
        <TextArea {...register("prompt")} rows={4} autoGrow autoFocus />
      </Field>
    </FormDialog>
  );
}
