import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import type { BuiltinTool } from "#web/screens/tools/builtin/builtin-tab.tsx";
import { type SettingField, toSettingFields, toSettings } from "#web/screens/tools/builtin/setting-fields.ts";
import type { JsonObject } from "#web/screens/tools/parts/parse-object.ts";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { TagsInput } from "#web/ui/fields/tags-input.tsx";
import { NumberInput, SecretInput, TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface SettingsFormProps {
  readonly tool: BuiltinTool;
  readonly schema: JsonObject;
}

type Values = Record<string, string | string[]>;

/** The settings of a tool for the tenant, as its schema describes them. */
export function SettingsForm({ tool, schema }: SettingsFormProps) {
  const { tools: words, ui } = useTexts();
  const toast = useToast();
  const update = useAction("tools.builtin.update");
  const fields = toSettingFields(schema, tool.settings);
  const values = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  const { register, control, reset, onSubmit, errorOf, refusal } = useForm<Values>({
    defaultValues: values,
    async send(written) {
      await update.mutateAsync({ name: tool.name, settings: toSettings(fields, written) });
      reset(Object.fromEntries(fields.map(({ name, kind }) => [name, kind === "secret" ? "" : (written[name] ?? "")])));
      toast({ tone: "good", title: words.saved(tool.name) });
    },
  });
  const renderControl = ({ name, kind, options, isStored }: SettingField) => {
    switch (kind) {
      case "secret":
        return <SecretInput {...register(name)} placeholder={isStored ? words.stored : ""} />;
      case "number":
        return <NumberInput {...register(name)} />;
      case "text":
        return <TextInput {...register(name)} autoComplete="off" />;
      case "choice":
        return (
          <Controller
            control={control}
            name={name}
            render={({ field: { value, onChange } }) => (
              <Select
                value={String(value)}
                onValueChange={onChange}
                options={["", ...options].map((value) => ({ value, label: value || words.notSet }))}
              />
            )}
          />
        );
      case "list":
        return (
          <Controller
            control={control}
            name={name}
            render={({ field: { value, onChange } }) => (
              <TagsInput values={Array.isArray(value) ? value : []} onChange={onChange} />
            )}
          />
        );
    }
  };
  return (
    <Section title={words.settings}>
      <form onSubmit={onSubmit} className="grid gap-4">
        {refusal && <Callout tone="bad" title={refusal} />}
        {fields.map((field) => (
          <Field
            key={field.name}
            label={<code>{field.name}</code>}
            hint={field.description}
            error={errorOf(field.name)}
          >
            {renderControl(field)}
          </Field>
        ))}
        <Button type="submit" variant="primary" isBusy={update.isPending} className="justify-self-end">
          {ui.save}
        </Button>
      </form>
    </Section>
  );
}
