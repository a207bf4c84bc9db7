import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import type { Skill } from "#web/screens/tools/skills/skills-tab.tsx";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { TagsInput } from "#web/ui/fields/tags-input.tsx";
import { TextArea, TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { useToast } from "#web/ui/toast.tsx";

const VISIBILITIES = ["private", "internal", "public"] as const;

/** What is said of a skill. Administrators change that of the tenant's own. */
export function SkillAbout({ skill }: { readonly skill: Skill }) {
  const { tools: words } = useTexts();
  const isAdmin = hasRole(useCaller(), "admin");
  const facts = [
    { label: words.slug, value: <code>{skill.slug}</code> },
    { label: words.path, value: <code>{skill.path}</code> },
    { label: words.owner, value: skill.owner_id },
    { label: words.author, value: skill.author },
    { label: words.license, value: skill.license },
    { label: words.needs, value: skill.compatibility },
    { label: words.expectedTools, value: skill.allowed_tools?.join(", ") },
  ].filter(({ value }) => value !== undefined && value !== "");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <Facts items={facts} />
      {isAdmin && !skill.is_system && <AboutForm skill={skill} />}
    </div>
  );
}

function AboutForm({ skill }: { readonly skill: Skill }) {
  const { tools: words, ui } = useTexts();
  const update = useAction("skills.update");
  const toast = useToast();
  const { name, description, visibility, tags } = skill;
  const { register, control, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { name, description, visibility, tags: [...tags] },
    async send(input) {
      await update.mutateAsync({ id: skill.id, ...input });
      toast({ tone: "good", title: words.saved(input.name) });
    },
  });
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      {refusal && <Callout tone="bad" title={refusal} />}
      <Field label={words.name} error={errorOf("name")}>
        <TextInput {...register("name")} autoComplete="off" />
      </Field>
      <Field label={words.description} hint={words.skillDescriptionHint} error={errorOf("description")}>
        <TextArea {...register("description")} rows={3} autoGrow />
      </Field>
      <Field label={words.visibility} error={errorOf("visibility")}>
        <Controller
          control={control}
          name="visibility"
          render={({ field: { value, onChange } }) => (
            <Select
              value={value}
              onValueChange={onChange}
              options={VISIBILITIES.map((value) => ({ value, label: words.visibilities[value] }))}
            />
          )}
        />
      </Field>
      <Field label={words.tags} error={errorOf("tags")}>
        <Controller
          control={control}
          name="tags"
          render={({ field: { value, onChange } }) => <TagsInput values={value} onChange={onChange} />}
        />
      </Field>
      <Button type="submit" variant="primary" isBusy={update.isPending} className="justify-self-end">
        {ui.save}
      </Button>
    </form>
  );
}
