import { useNavigate } from "@tanstack/react-router";
import { Controller } from "react-hook-form";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextArea, TextInput } from "#web/ui/fields/text-input.tsx";

interface CreateDocumentProps {
  readonly agents: OutputOf<"agents.list">["agents"];
  readonly onClose: () => void;
}

/** Has an agent remember something. */
export function CreateDocument({ agents, onClose }: CreateDocumentProps) {
  const { knowledge: words } = useTexts();
  const navigate = useNavigate({ from: "/knowledge" });
  const isAdmin = hasRole(useCaller(), "admin");
  const create = useAction("memory.create");
  const { register, control, onSubmit, errorOf, refusal } = useForm({
    defaultValues: {
      agent_id: agents.length === 1 ? (agents[0]?.agent_key ?? "") : "",
      path: "",
      user_id: "",
      content: "",
    },
    async send({ agent_id, path, user_id, content }) {
      const made = await create.mutateAsync({
        content,
        ...(agent_id !== "" && { agent_id }),
        ...(path !== "" && { path }),
        ...(user_id !== "" && { user_id }),
      });
      onClose();
      const { agent_id: of, path: doc, user_id: owner } = made;
      await navigate({ search: { of, doc, ...(owner !== undefined && { owner }) } });
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={words.newDocument}
      description={words.newDocumentHint}
      action={words.remember}
      isBusy={create.isPending}
      refusal={refusal}
      onSubmit={onSubmit}
    >
      <Field label={words.agent} error={errorOf("agent_id")} isRequired>
        <Controller
          control={control}
          name="agent_id"
          render={({ field: { value, onChange } }) => (
            <Combobox
              value={value}
              onValueChange={onChange}
              options={agents.map(({ agent_key, display_name }) => ({
                value: agent_key,
                label: display_name || agent_key,
                hint: agent_key,
              }))}
            />
          )}
        />
      </Field>
      <Field label={words.path} hint={words.pathHint} error={errorOf("path")}>
        <TextInput {...register("path")} isMono placeholder="memory/returns.md" autoComplete="off" />
      </Field>
      {isAdmin && (
        <Field label={words.whose} hint={words.whoseHint} error={errorOf("user_id")}>
          <TextInput {...register("user_id")} autoComplete="off" />
        </Field>
      )}
      <Field label={words.content} error={errorOf("content")} isRequired>
        <TextArea {...register("content")} isMono rows={8} />
      </Field>
    </FormDialog>
  );
}
