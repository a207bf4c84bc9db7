import { useNavigate } from "@tanstack/react-router";
import { useId } from "react";
import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

/** What an agent must have. All else has a default, and is changed on the agent's own screen. */
const EMPTY = { agent_key: "", display_name: "", provider: "", model: "" };

/** Asks for what an agent must have, makes it and opens it. */
export function CreateAgent({ onClose }: { readonly onClose: () => void }) {
  const { agents: words, ui } = useTexts();
  const formId = useId();
  const navigate = useNavigate();
  const create = useAction("agents.create");
  const providers = useCall("providers.list", {});
  const { register, control, watch, onSubmit, errorOf, refusal } = useForm({
    defaultValues: EMPTY,
    async send(input) {
      const { agent_key } = await create.mutateAsync(input);
      onClose();
      await navigate({ to: "/agents/$agentId", params: { agentId: agent_key } });
    },
  });
  const chosen = providers.data?.providers.find(({ name }) => name === watch("provider"));
  const models = useCall("providers.models", { id: chosen?.id ?? "" }, { isEnabled: chosen !== undefined });

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.create}
      footer={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={create.isPending}>
            {words.create}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={onSubmit} className="grid gap-4">
        {refusal && <Callout tone="bad" title={refusal} />}
        <Field label={words.key} hint={words.keyHint} error={errorOf("agent_key")} isRequired>
          <TextInput {...register("agent_key")} autoFocus autoComplete="off" spellCheck={false} />
        </Field>
        <Field label={words.displayName} error={errorOf("display_name")}>
          <TextInput {...register("display_name")} autoComplete="off" />
        </Field>
        <Field label={words.provider} error={errorOf("provider")} isRequired>
          <Controller
            control={control}
            name="provider"
            render={({ field: { value, onChange } }) => (
              <Select
                value={value}
                onValueChange={onChange}
                options={(providers.data?.providers ?? []).map(({ name, display_name, provider_type }) => ({
                  value: name,
                  label: display_name || name,
                  hint: provider_type,
                }))}
              />
            )}
          />
        </Field>
        <Field label={words.model} error={errorOf("model") ?? models.error?.message} isRequired>
          <Controller
            control={control}
            name="model"
            render={({ field: { value, onChange } }) => (
              <Combobox
                value={value}
                onValueChange={onChange}
                allowsOther
                options={(models.data?.models ?? []).map(({ id }) => ({ value: id, label: id }))}
              />
            )}
          />
        </Field>
      </form>
    </Dialog>
  );
}
