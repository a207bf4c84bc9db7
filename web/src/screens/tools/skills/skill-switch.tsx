import { useAction } from "#web/live/use-call.ts";
import { InstantSwitch } from "#web/screens/tools/parts/instant-switch.tsx";
import type { Skill } from "#web/screens/tools/skills/skills-tab.tsx";

/** Switches a skill on or off. */
export function SkillSwitch({ skill }: { readonly skill: Skill }) {
  const { mutateAsync } = useAction("skills.toggle");
  return (
    <InstantSwitch
      name={skill.name}
      isOn={skill.tenant_enabled ?? skill.enabled}
      onTurn={(enabled) => mutateAsync({ id: skill.id, enabled })}
    />
  );
}
