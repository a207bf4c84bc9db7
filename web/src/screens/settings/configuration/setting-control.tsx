import { useTexts } from "#web/i18n/use-texts.tsx";
import type { Setting } from "#web/screens/settings/configuration/read-schema.ts";
import type { Written } from "#web/screens/settings/configuration/written.ts";
import { Select } from "#web/ui/fields/select.tsx";
import { Checkbox } from "#web/ui/fields/switch.tsx";
import { TagsInput } from "#web/ui/fields/tags-input.tsx";
import { NumberInput, SecretInput, TextArea, TextInput } from "#web/ui/fields/text-input.tsx";

interface SettingControlProps {
  readonly setting: Setting;
  readonly written: Exclude<Written, null>;
  readonly isStored: boolean;
  readonly isDisabled: boolean;
  readonly onWrite: (written: Written) => void;
}

/** The control that fits the kind of a setting. */
export function SettingControl({ setting, written, isStored, isDisabled, onWrite }: SettingControlProps) {
  const { settings } = useTexts();
  const words = settings.configuration;
  const { path, kind, choices, example } = setting;
  const shared = { "aria-label": path, disabled: isDisabled };
  const sample = example === undefined ? undefined : typeof example === "string" ? example : JSON.stringify(example);
  switch (kind) {
    case "flag":
      return (
        <div className="flex h-8 items-center gap-2">
          <Checkbox
            {...shared}
            label={written ? words.yes : words.no}
            checked={written === true}
            onChange={({ target }) => onWrite(target.checked)}
          />
        </div>
      );
    case "choice":
      return (
        <Select
          {...shared}
          value={String(written)}
          onValueChange={onWrite}
          placeholder={words.unset}
          options={choices.map((value) => ({ value, label: value }))}
        />
      );
    case "list":
      return (
        <TagsInput
          {...shared}
          values={Array.isArray(written) ? written : []}
          onChange={onWrite}
          {...(sample !== undefined && { placeholder: sample })}
        />
      );
    case "number":
      return <NumberInput {...shared} value={String(written)} onChange={({ target }) => onWrite(target.value)} />;
    case "secret":
      return (
        <SecretInput
          {...shared}
          value={String(written)}
          onChange={({ target }) => onWrite(target.value)}
          placeholder={isStored ? words.secretStored : sample}
        />
      );
    case "json":
      return (
        <TextArea
          {...shared}
          value={String(written)}
          onChange={({ target }) => onWrite(target.value)}
          placeholder={sample}
          isMono
          autoGrow
          spellCheck={false}
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          value={String(written)}
          onChange={({ target }) => onWrite(target.value)}
          placeholder={sample}
          autoComplete="off"
          spellCheck={false}
          isMono
        />
      );
  }
}
