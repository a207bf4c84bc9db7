import { useNavigate } from "@tanstack/react-router";
import { Controller } from "react-hook-form";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** The agent that serves calls that name none. */
const DEFAULT_AGENT = "default";

/** Gives the first agent a model of a provider, and opens a chat with it. */
export function ChooseModel({ provider }: { readonly provider: OutputOf<"providers.create"> }) {
  const { home: words } = useTexts();
  const navigate = useNavigate();
  const toast = useToast();
  const models = useCall("providers.models", { id: provider.id });
  const update = useAction("agents.update");
  const { control, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { model: "" },
    async send({ model }) {
      await update.mutateAsync({ id: DEFAULT_AGENT, provider: provider.name, model });
      toast({ tone: "good", title: words.allSet });
      await navigate({ to: "/chat", search: { agent: DEFAULT_AGENT } });
    },
  });
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      {refusal && <Callout tone="bad" title={refusal} />}
      <Field label={words.model} error={errorOf("model")}>
        <Controller
          control={control}
          name="model"
          render={({ field: { value, onChange } }) => (
            <Combobox
              value={value}
              onValueChange={onChange}
              allowsOther
              options={(models.data?.models ?? []).map(({ id, name }) => ({
                value: id,
                label: id,
                ...(name && { hint: name }),
              }))}
            />
          )}
        />
      </Field>
      <Button type="submit" variant="primary" isBusy={update.isPending}>
        {words.useModel}
      </Button>
    </form>
  );
}
