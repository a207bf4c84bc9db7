import { useNavigate } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";

/** Makes a tenant and opens it, so that its first members can be added. */
export function CreateTenant({ onClose }: { readonly onClose: () => void }) {
  const { settings } = useTexts();
  const words = settings.people;
  const navigate = useNavigate();
  const create = useAction("tenants.create");
  const { register, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { name: "", slug: "" },
    async send(input) {
      const { id } = await create.mutateAsync(input);
      onClose();
      await navigate({ to: "/settings", search: { tab: "people", item: id } });
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={words.create}
      size="sm"
      action={words.create}
      isBusy={create.isPending}
      refusal={refusal}
      onSubmit={onSubmit}
    >
      <Field label={words.name} error={errorOf("name")} isRequired>
        <TextInput {...register("name")} autoComplete="off" />
      </Field>
      <Field label={words.slug} hint={words.slugHint} error={errorOf("slug")} isRequired>
        <TextInput {...register("slug")} autoComplete="off" spellCheck={false} />
      </Field>
    </FormDialog>
  );
}
