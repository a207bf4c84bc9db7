import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import type { Skill } from "#web/screens/tools/skills/skills-tab.tsx";
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
  const { tools: words } = useTexts();
  const answer = useCall("skills.versions", { id: skill.id });
  const versions = answer.data?.versions ?? [skill.version];
  if (versions.length < 2) return null;
  return (
    <Field label={label}>
      <Select
        value={String(value)}
        onValueChange={(next) => onChange(Number(next))}
        className="w-56"
        options={[...versions]
          .sort((one, other) => other - one)
          .map((version) => ({
            value: String(version),
            label: version === skill.version ? words.versionNow(version) : words.versionOf(version),
          }))}
      />
    </Field>
  );
}
