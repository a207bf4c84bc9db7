import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { TENANT_TONES } from "#web/screens/settings/people/people-tab.tsx";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { Status } from "#web/ui/status.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** The names of a tenant, which an owner may change. */
export function RenameTenant({ tenant }: { readonly tenant: OutputOf<"tenants.get"> }) {
  const { settings } = useTexts();
  const words = settings.people;
  const toast = useToast();
  const isOwn = useCaller().tenant_id === tenant.id;
  const update = useAction("tenants.update");
  const { id, name, slug, status } = tenant;
  const { register, onSubmit, errorOf, refusal, formState } = useForm({
    defaultValues: { name, slug },
    values: { name, slug },
    async send(input) {
      await update.mutateAsync({ id, ...input });
      toast({ tone: "good", title: words.renamed });
    },
  });
  return (
    <Section title={words.facts} actions={<Status tone={TENANT_TONES[status]}>{words.statuses[status]}</Status>}>
      <form onSubmit={onSubmit} className="grid gap-4">
        {refusal && <Callout tone="bad" title={refusal} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={words.name} error={errorOf("name")}>
            <TextInput {...register("name")} autoComplete="off" />
          </Field>
          {/* The page names its tenant by the short name, so a change would lock the person out. */}
          <Field label={words.slug} error={errorOf("slug")} {...(isOwn && { hint: words.isYours })}>
            <TextInput {...register("slug")} readOnly={isOwn} autoComplete="off" spellCheck={false} />
          </Field>
        </div>
        {formState.isDirty && (
          <Button type="submit" isBusy={update.isPending} className="justify-self-start">
            {words.rename}
          </Button>
        )}
      </form>
    </Section>
  );
}
