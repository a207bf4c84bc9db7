import { useNavigate } from "@tanstack/react-router";
import { useId } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

/** Makes a tenant and opens it, so that its first members can be added. */
export function CreateTenant({ onClose }: { readonly onClose: () => void }) {
  const { settings, ui } = useTexts();
  const words = settings.people;
  const formId = useId();
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
    <Dialog
      isOpen
      onClose={onClose}
      title={words.create}
      size="sm"
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
        <Field label={words.name} error={errorOf("name")} isRequired>
          <TextInput {...register("name")} autoComplete="off" />
        </Field>
        <Field label={words.slug} hint={words.slugHint} error={errorOf("slug")} isRequired>
          <TextInput {...register("slug")} autoComplete="off" spellCheck={false} />
        </Field>
      </form>
    </Dialog>
  );
}
