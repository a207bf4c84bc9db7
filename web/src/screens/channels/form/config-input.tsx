import { type Control, Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { ConfigName } from "#web/screens/channels/channel-types.ts";
import type { ChannelValues } from "#web/screens/channels/form/channel-values.ts";
import { CONFIG_FIELDS, type ConfigValue } from "#web/screens/channels/form/config-values.ts";
import { Field } from "#web/ui/fields/field.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { Checkbox } from "#web/ui/fields/switch.tsx";
import { TagsInput } from "#web/ui/fields/tags-input.tsx";
import { NumberInput, TextInput } from "#web/ui/fields/text-input.tsx";

interface ConfigInputProps {
  readonly name: ConfigName;
  readonly control: Control<ChannelValues>;
  readonly error: string | undefined;
}

/** One setting of an account, as its kind is entered. */
export function ConfigInput({ name, control, error }: ConfigInputProps) {
  const { channels: words } = useTexts();
  const hint = words.configHints[name];
  return (
    <Controller
      control={control}
      name={`config.${name}`}
      render={({ field: { value, onChange } }) =>
        CONFIG_FIELDS[name].kind === "flag" ? (
          <Checkbox
            label={words.configFields[name]}
            checked={value === true}
            onChange={(event) => onChange(event.target.checked)}
          />
        ) : (
          <Field label={words.configFields[name]} hint={hint} error={error}>
            <Plain name={name} value={value as ConfigValue} onChange={onChange} />
          </Field>
        )
      }
    />
  );
}

interface PlainProps {
  readonly name: ConfigName;
  readonly value: ConfigValue;
  readonly onChange: (value: ConfigValue) => void;
}

function Plain({ name, value, onChange }: PlainProps) {
  const { channels: words } = useTexts();
  const field = CONFIG_FIELDS[name];
  switch (field.kind) {
    case "choice":
      return (
        <Select
          value={String(value)}
          onValueChange={onChange}
          options={field.choices.map((choice) => ({ value: choice, label: words.choices[choice] }))}
        />
      );
    case "list":
      return <TagsInput values={Array.isArray(value) ? value : []} onChange={onChange} />;
    case "number":
      return (
        <NumberInput
          value={String(value)}
          onChange={(event) => onChange(event.target.value)}
          {...(field.unit && { unit: field.unit })}
        />
      );
    default:
      return (
        <TextInput
          value={String(value)}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      );
  }
}
