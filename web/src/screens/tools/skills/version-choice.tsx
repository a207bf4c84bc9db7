import type { Skill } from "#web/screens/tools/skills/skills-tab.tsx";
import { useVersionOptions } from "#web/screens/tools/skills/use-version-options.ts";
import { Field } from "#web/ui/fields/field.tsx";
import { Select } from "#web/ui/fields/select.tsx";

interface VersionChoiceProps {
  readonly skill: Skill;
  readonly label: string;
  readonly value: number;
  readonly onChange: (version: number) => void;
}

/** A choice among the versions of a skill. Nothing where there is only one. */
export function VersionChoice({ skill, label, value, onChange }: VersionChoiceProps) {
  const options = useVersionOptions(skill);
  if (options.length < 2) return null;
  return (
    <Field label={label}>
      <Select
        value={String(value)}
        onValueChange={(next) => onChange(Number(next))}
        className="w-56"
        options={options}
      />
    </Field>
  );
}
