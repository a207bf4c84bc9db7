import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { type Form, useForm } from "#web/live/use-form.ts";
import { type CustomDraft, fromCustomDraft, toCustomDraft } from "#web/screens/tools/custom/custom-draft.ts";
import type { CustomTool } from "#web/screens/tools/custom/custom-tab.tsx";
import { AgentChoice } from "#web/screens/tools/parts/agent-choice.tsx";
import { parseObject } from "#web/screens/tools/parts/parse-object.ts";
import { SecretPairs } from "#web/screens/tools/parts/secret-pairs.tsx";
import { useCloseGuard } from "#web/screens/tools/parts/use-close-guard.tsx";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Segments } from "#web/ui/fields/segments.tsx";
import { Checkbox } from "#web/ui/fields/switch.tsx";
import { TagsInput } from "#web/ui/fields/tags-input.tsx";
import { NumberInput, TextArea, TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

const EFFECTS = ["read", "idempotent", "once"] as const;

interface CustomDialogProps {
  /** Absent for a new one. */
  readonly tool?: CustomTool;
  readonly onClose: () => void;
}

/** Makes a tool from a command, or changes one. */
export function CustomDialog({ tool, onClose }: CustomDialogProps) {
  const { tools: words, ui } = useTexts();
  const create = useAction("tools.custom.create");
  const update = useAction("tools.custom.update");
  const form: Form<CustomDraft> = useForm<CustomDraft>({
    defaultValues: toCustomDraft(tool),
    async send(draft) {
      const parameters = parseObject(draft.parameters);
      if (!parameters) return form.setError("parameters", { message: words.notJson });
      const input = fromCustomDraft(draft, parameters);
      if (tool) await update.mutateAsync({ id: tool.id, ...input });
      else await create.mutateAsync(input);
      onClose();
    },
  });
  const { register, control, onSubmit, errorOf, refusal } = form;
  const { close, question } = useCloseGuard(form.formState.isDirty, onClose);
  return (
    <FormDialog
      onClose={close}
      size="lg"
      title={tool ? words.editTool(tool.name) : words.newTool}
      action={tool ? ui.save : words.newTool}
      isBusy={create.isPending || update.isPending}
      refusal={refusal}
      onSubmit={onSubmit}
      question={question}
    >
      <Field label={words.name} hint={words.nameHint} error={errorOf("name")} isRequired>
        <TextInput {...register("name")} isMono autoFocus autoComplete="off" spellCheck={false} />
      </Field>
      <Field label={words.description} hint={words.descriptionHint} error={errorOf("description")}>
        <TextArea {...register("description")} rows={2} autoGrow />
      </Field>
      <Field label={words.command} hint={words.commandHint} error={errorOf("command")} isRequired>
        <TextArea {...register("command")} rows={2} autoGrow isMono spellCheck={false} />
      </Field>
      <Checkbox {...register("shell")} label={words.shell} hint={words.shellHint} />
      <Field label={words.parameters} hint={words.parametersHint} error={errorOf("parameters")}>
        <TextArea {...register("parameters")} rows={6} autoGrow isMono spellCheck={false} />
      </Field>
      <Field label={words.effect} hint={words.effectHint} error={errorOf("effect")}>
        <Controller
          control={control}
          name="effect"
          render={({ field: { value, onChange } }) => (
            <Segments
              value={value}
              onValueChange={onChange}
              options={EFFECTS.map((value) => ({ value, label: words.effects[value] }))}
            />
          )}
        />
      </Field>
      <Controller
        control={control}
        name="env"
        render={({ field: { value, onChange } }) => <SecretPairs label={words.env} pairs={value} onChange={onChange} />}
      />
      {errorOf("env") && <Callout tone="bad">{errorOf("env")}</Callout>}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={words.onlyAgent} error={errorOf("agent_id")}>
          <Controller
            control={control}
            name="agent_id"
            render={({ field: { value, onChange } }) => (
              <AgentChoice value={value} onChange={onChange} empty={words.everyAgent} />
            )}
          />
        </Field>
        <Field label={words.timeout} error={errorOf("timeout_seconds")}>
          <NumberInput {...register("timeout_seconds")} unit="s" />
        </Field>
        <Field label={words.workingDir} hint={words.workingDirHint} error={errorOf("working_dir")}>
          <TextInput {...register("working_dir")} isMono autoComplete="off" spellCheck={false} />
        </Field>
        <Field label={words.tags} error={errorOf("tags")}>
          <Controller
            control={control}
            name="tags"
            render={({ field: { value, onChange } }) => <TagsInput values={value} onChange={onChange} />}
          />
        </Field>
      </div>
    </FormDialog>
  );
}
