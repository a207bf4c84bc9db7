import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { toKey } from "#web/screens/agents/list/to-key.ts";
import { ModelChoice } from "#web/screens/agents/model/model-choice.tsx";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextArea, TextInput } from "#web/ui/fields/text-input.tsx";

/** What an agent must have. All else has a default, and is changed on the agent's own screen. */
const EMPTY = { display_name: "", agent_key: "", emoji: "", provider: "", model: "", agent_description: "" };

/** Asks for what an agent must have, makes it and opens it. With a description, its model writes its files. */
export function CreateAgent({ onClose }: { readonly onClose: () => void }) {
  const { agents: words } = useTexts();
  const navigate = useNavigate();
  const create = useAction("agents.create");
  const hasOwnKey = useRef(false);
  const { register, setValue, watch, onSubmit, errorOf, refusal } = useForm({
    defaultValues: EMPTY,
    async send({ agent_description, ...input }) {
      const description = agent_description.trim();
      const { agent_key } = await create.mutateAsync({
        ...input,
        ...(description !== "" && { agent_description: description }),
      });
      onClose();
      await navigate({ to: "/agents/$agentId", params: { agentId: agent_key } });
    },
  });
  const [provider, model] = watch(["provider", "model"]);

  return (
    <FormDialog
      onClose={onClose}
      title={words.create}
      action={words.create}
      isBusy={create.isPending}
      refusal={refusal}
      onSubmit={onSubmit}
    >
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_6rem]">
        <Field label={words.displayName} error={errorOf("display_name")}>
          <TextInput
            {...register("display_name", {
              onChange: ({ target }) => hasOwnKey.current || setValue("agent_key", toKey(target.value)),
            })}
            autoFocus
            autoComplete="off"
          />
        </Field>
        <Field label={words.emoji} error={errorOf("emoji")}>
          <TextInput {...register("emoji")} autoComplete="off" />
        </Field>
      </div>
      <Field label={words.key} hint={words.keyHint} error={errorOf("agent_key")} isRequired>
        <TextInput
          {...register("agent_key", {
            onChange: ({ target }) => {
              hasOwnKey.current = target.value !== "";
            },
          })}
          isMono
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <ModelChoice
        provider={provider}
        model={model}
        onProvider={(next) => {
          setValue("provider", next);
          if (next !== provider) setValue("model", "");
        }}
        onModel={(next) => setValue("model", next)}
        providerError={errorOf("provider")}
        modelError={errorOf("model")}
      />
      <Field label={words.description} hint={words.createDescriptionHint} error={errorOf("agent_description")}>
        <TextArea {...register("agent_description")} rows={3} autoGrow />
      </Field>
    </FormDialog>
  );
}
