import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useToolsSearch } from "#web/screens/tools/parts/use-tools-search.ts";
import { SkillAbout } from "#web/screens/tools/skills/skill-about.tsx";
import { SkillDiff } from "#web/screens/tools/skills/skill-diff.tsx";
import { SkillFiles } from "#web/screens/tools/skills/skill-files.tsx";
import { SkillGrants } from "#web/screens/tools/skills/skill-grants.tsx";
import type { Skill } from "#web/screens/tools/skills/skills-tab.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Status } from "#web/ui/status.tsx";
import { TabPanel, Tabs } from "#web/ui/tabs.tsx";

interface SkillDetailsProps {
  readonly skill: Skill;
  readonly onDeleted: () => void;
}

/** One skill: its files, what a version changed, who has it, and what is said of it. */
export function SkillDetails({ skill, onDeleted }: SkillDetailsProps) {
  const { tools: words, ui } = useTexts();
  const { part, setSearch } = useToolsSearch();
  const isAdmin = hasRole(useCaller(), "admin");
  const remove = useAction("skills.delete");
  const [isDeleting, setIsDeleting] = useState(false);
  const { id, name, slug, is_system, missing_deps = [] } = skill;
  const isOn = skill.tenant_enabled ?? skill.enabled;
  const parts = [
    "files",
    ...(skill.version > 1 ? (["changes"] as const) : []),
    ...(isAdmin ? (["grants"] as const) : []),
    "about",
  ] as const;
  const chosen = parts.find((value) => value === part) ?? "files";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <Status tone={isOn ? "good" : "idle"} className="mr-auto">
          {isOn ? words.on : words.off}
        </Status>
        {isAdmin && !is_system && (
          <Button size="sm" icon={Trash2} onClick={() => setIsDeleting(true)}>
            {ui.delete}
          </Button>
        )}
      </div>
      <p className="max-w-[72ch] whitespace-pre-wrap">{skill.description}</p>
      {missing_deps.length > 0 && <Callout tone="careful">{words.missingPrograms(missing_deps.join(", "))}</Callout>}
      <Tabs
        label={name}
        value={chosen}
        onValueChange={(part) => setSearch({ part })}
        items={parts.map((value) => ({ value, label: words.skillParts[value] }))}
      >
        <TabPanel value="files">
          <SkillFiles skill={skill} />
        </TabPanel>
        <TabPanel value="changes">
          <SkillDiff skill={skill} />
        </TabPanel>
        <TabPanel value="grants">
          <SkillGrants skill={skill} />
        </TabPanel>
        <TabPanel value="about">
          <SkillAbout skill={skill} />
        </TabPanel>
      </Tabs>
      <ConfirmDialog
        isOpen={isDeleting}
        onClose={() => setIsDeleting(false)}
        title={words.deleteTitle(name)}
        loses={words.deleteSkillLoses}
        name={slug}
        action={ui.delete}
        onConfirm={async () => {
          await remove.mutateAsync({ id });
          onDeleted();
        }}
      />
    </div>
  );
}
