import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import type { Skill } from "#web/screens/tools/skills/skills-tab.tsx";
import type { Option } from "#web/ui/fields/option.ts";

/** Returns the versions of a skill to choose from, the newest first. */
export function useVersionOptions(skill: Skill): readonly Option[] {
  const { tools: words } = useTexts();
  const answer = useCall("skills.versions", { id: skill.id });
  const versions = answer.data?.versions ?? [skill.version];
  return [...versions]
    .sort((one, other) => other - one)
    .map((version) => ({
      value: String(version),
      label: version === skill.version ? words.versionNow(version) : words.versionOf(version),
    }));
}
