import { useId } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextArea } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

interface RewriteDialogProps {
  readonly agent: Agent;
  readonly onClose: () => void;
}

/** Lets the agent's own model change the agent's files, as a person asks for. */
export function RewriteDialog({ agent, onClose }: RewriteDialogProps) {
  const { agents: words, ui } = useTexts();
  const formId = useId();
  const regenerate = useAction("agents.regenerate");
  const { register, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { prompt: "" },
    async send({ prompt }) {
      await regenerate.mutateAsync({ id: agent.id, ...(prompt.trim() !== "" && { prompt }) });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.rewrite}
      description={words.rewriteText}
      footer={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={regenerate.isPending}>
            {words.rewrite}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={onSubmit} className="grid gap-4">
        {refusal && <Callout tone="bad" title={refusal} />}
        <Field label={words.rewriteHow} hint={words.rewriteHint} error={errorOf("prompt")}>
          <TextArea {...register("prompt")} rows={4} autoGrow autoFocus />
        </Field>
      </form>
    </Dialog>
  );
}
