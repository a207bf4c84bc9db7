import { useTexts } from "#web/i18n/use-texts.tsx";
import { DraftChoice, DraftFlag, DraftTags } from "#web/screens/agents/draft/draft-fields.tsx";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { Card } from "#web/ui/page/card.tsx";

const PROFILES = ["", "full", "coding", "messaging", "minimal"] as const;

/** The rules by which an agent gets its tools. */
export function ToolFields({ form }: AgentTabProps) {
  const { agents: words } = useTexts();
  return (
    <Card title={words.toolRules}>
      <div className="grid gap-4">
        <DraftChoice
          form={form}
          name="profile"
          label={words.profile}
          hint={words.profileHint}
          options={PROFILES.map((value) => ({
            value,
            label: words.profiles[value],
            hint: words.profileHints[value],
          }))}
        />
        <DraftTags
          form={form}
          name="alsoAllow"
          label={words.alsoAllow}
          hint={words.alsoAllowHint}
          placeholder="group:web"
        />
        <DraftTags form={form} name="deny" label={words.deny} hint={words.denyHint} placeholder="exec" />
        <DraftTags form={form} name="allow" label={words.allow} hint={words.allowHint} />
        <DraftFlag form={form} name="network_enabled" label={words.network} hint={words.networkHint} />
      </div>
    </Card>
  );
}
