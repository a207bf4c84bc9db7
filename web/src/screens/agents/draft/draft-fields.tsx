import type { ReactNode } from "react";
import { Controller } from "react-hook-form";
import type { AgentDraft } from "#web/screens/agents/draft/agent-draft.ts";
import type { AgentForm } from "#web/screens/agents/draft/use-agent-form.ts";
import { Field } from "#web/ui/fields/field.tsx";
import type { Option } from "#web/ui/fields/option.ts";
import { Select } from "#web/ui/fields/select.tsx";
import { Checkbox } from "#web/ui/fields/switch.tsx";
import { TagsInput } from "#web/ui/fields/tags-input.tsx";
import { NumberInput, TextArea, TextInput } from "#web/ui/fields/text-input.tsx";

/** The settings whose value in the draft is of one kind. */
type NamesOf<Kind> = { [Name in keyof AgentDraft]: AgentDraft[Name] extends Kind ? Name : never }[keyof AgentDraft];
type TextName = NamesOf<string>;
type FlagName = NamesOf<boolean>;
type ListName = Exclude<NamesOf<readonly string[]>, TextName>;

interface DraftFieldProps<Name> {
  readonly form: AgentForm;
  readonly name: Name;
  readonly label: string;
  readonly hint?: ReactNode;
}

/** A text of the draft, on one line or several. */
export function DraftText({
  form,
  name,
  label,
  hint,
  rows,
}: DraftFieldProps<TextName> & { readonly rows?: number | undefined }) {
  return (
    <Field label={label} hint={hint} error={form.errorOf(name)}>
      {rows === undefined ? (
        <TextInput {...form.register(name)} autoComplete="off" />
      ) : (
        <TextArea {...form.register(name)} rows={rows} autoGrow />
      )}
    </Field>
  );
}

interface DraftNumberProps extends DraftFieldProps<TextName> {
  readonly unit?: string;
  readonly placeholder?: string;
}

/** A number of the draft. Empty leaves the choice to the gateway. */
export function DraftNumber({ form, name, label, hint, unit, placeholder }: DraftNumberProps) {
  return (
    <Field label={label} hint={hint} error={form.errorOf(name)}>
      <NumberInput {...form.register(name)} placeholder={placeholder} {...(unit !== undefined && { unit })} />
    </Field>
  );
}

/** A choice among a few values of the draft. */
export function DraftChoice({
  form,
  name,
  label,
  hint,
  options,
}: DraftFieldProps<TextName> & { readonly options: readonly Option[] }) {
  return (
    <Field label={label} hint={hint} error={form.errorOf(name)}>
      <Controller
        control={form.control}
        name={name}
        render={({ field: { value, onChange } }) => (
          <Select value={value} onValueChange={onChange} options={options} className="w-full" />
        )}
      />
    </Field>
  );
}

/** Yes or no in the draft. */
export function DraftFlag({ form, name, label, hint }: DraftFieldProps<FlagName>) {
  return <Checkbox {...form.register(name)} label={label} hint={hint} />;
}

/** A list of words of the draft. */
export function DraftTags({
  form,
  name,
  label,
  hint,
  placeholder,
}: DraftFieldProps<ListName> & { readonly placeholder?: string }) {
  return (
    <Field label={label} hint={hint} error={form.errorOf(name)}>
      <Controller
        control={form.control}
        name={name}
        render={({ field: { value, onChange } }) => (
          <TagsInput
            values={value}
            onChange={onChange}
            className="has-[input:disabled]:bg-hover"
            {...(placeholder !== undefined && { placeholder })}
          />
        )}
      />
    </Field>
  );
}
