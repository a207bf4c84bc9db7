import { useTexts } from "#web/i18n/use-texts.tsx";
import { DraftChoice, DraftFlag, DraftTags } from "#web/screens/agents/draft/draft-fields.tsx";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { GrantedServers } from "#web/screens/agents/tools/granted-servers.tsx";
import { ToolList } from "#web/screens/agents/tools/tool-list.tsx";
import { Card } from "#web/ui/page/card.tsx";

const PROFILES = ["", "full", "coding", "messaging", "minimal"] as const;

/** Which tools an agent has, by rules and by grants. */
export function ToolsTab({ agent, form }: AgentTabProps) {
  const { agents: words } = useTexts();
  return (
    <>
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
      <ToolList agent={agent} />
      <GrantedServers agent={agent} />
    </>
  );
}
