import { useTexts } from "#web/i18n/use-texts.tsx";
import { DraftChoice, DraftText } from "#web/screens/agents/draft/draft-fields.tsx";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { Card } from "#web/ui/page/card.tsx";

const TYPES = ["predefined", "open"] as const;

/** Who an agent is for people and for other agents. */
export function IdentityFields({ form }: AgentTabProps) {
  const { agents: words } = useTexts();
  return (
    <Card title={words.identity}>
      <div className="grid gap-4">
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_6rem]">
          <DraftText form={form} name="display_name" label={words.displayName} />
          <DraftText form={form} name="emoji" label={words.emoji} />
        </div>
        <DraftText form={form} name="frontmatter" label={words.expertise} hint={words.expertiseHint} />
        <DraftText
          form={form}
          name="agent_description"
          label={words.description}
          hint={words.descriptionHint}
          rows={3}
        />
        <DraftChoice
          form={form}
          name="agent_type"
          label={words.type}
          options={TYPES.map((value) => ({ value, label: words.types[value], hint: words.typeHints[value] }))}
        />
      </div>
    </Card>
  );
}
