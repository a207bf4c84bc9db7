import { Plus } from "lucide-react";
import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { Button } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

/** Lets an agent hand tasks to another one. */
export function LinkForm({ agent }: { readonly agent: Agent }) {
  const { agents: words } = useTexts();
  const agents = useCall("agents.list", {});
  const create = useAction("agents.links.create");
  const { register, control, reset, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { target_agent: "", description: "" },
    async send(input) {
      await create.mutateAsync({ source_agent: agent.id, ...input });
      reset();
    },
  });
  const others = (agents.data?.agents ?? []).filter(({ id }) => id !== agent.id);
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      {refusal && <Callout tone="bad" title={refusal} />}
      <div className="grid items-start gap-3 sm:grid-cols-[12rem_minmax(0,1fr)]">
        <Field label={words.linkTo} error={errorOf("target_agent")}>
          <Controller
            control={control}
            name="target_agent"
            render={({ field: { value, onChange } }) => (
              <Combobox
                value={value}
                onValueChange={onChange}
                options={others.map(({ agent_key, display_name }) => ({
                  value: agent_key,
                  label: display_name || agent_key,
                }))}
              />
            )}
          />
        </Field>
        <Field label={words.linkWhen} hint={words.linkWhenHint} error={errorOf("description")}>
          <TextInput {...register("description")} autoComplete="off" />
        </Field>
      </div>
      <Button type="submit" icon={Plus} isBusy={create.isPending} className="justify-self-start">
        {words.addLink}
      </Button>
    </form>
  );
}
