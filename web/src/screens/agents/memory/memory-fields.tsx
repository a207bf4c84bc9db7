import { useWatch } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { DraftFlag, DraftNumber, DraftTags, DraftText } from "#web/screens/agents/draft/draft-fields.tsx";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { TextLink } from "#web/ui/link.tsx";
import { Card } from "#web/ui/page/card.tsx";

/** What an agent keeps: of earlier sessions, of a long conversation, and whose files are whose. */
export function MemoryFields({ agent, form }: AgentTabProps) {
  const { agents: words } = useTexts();
  const [hasMemory, hasFlush] = useWatch({ control: form.control, name: ["has_memory", "memory_flush"] });
  return (
    <>
      <Card
        title={words.memory}
        actions={
          <TextLink href={`/knowledge?agent=${encodeURIComponent(agent.agent_key)}`}>{words.seeMemory}</TextLink>
        }
      >
        <div className="grid gap-4">
          <DraftFlag form={form} name="has_memory" label={words.hasMemory} hint={words.hasMemoryHint} />
          {hasMemory && (
            <div className="grid gap-4 sm:grid-cols-2">
              <DraftNumber form={form} name="max_results" label={words.maxResults} placeholder="6" />
              <DraftNumber form={form} name="min_score" label={words.minScore} hint={words.minScoreHint} />
              <DraftNumber
                form={form}
                name="vector_weight"
                label={words.vectorWeight}
                hint={words.vectorWeightHint}
                placeholder="0.7"
              />
              <DraftNumber form={form} name="text_weight" label={words.textWeight} placeholder="0.3" />
            </div>
          )}
        </div>
      </Card>
      <Card title={words.longTalks}>
        <div className="grid gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <DraftNumber
              form={form}
              name="maxHistoryShare"
              label={words.historyShare}
              hint={words.historyShareHint}
              placeholder="0.85"
            />
            <DraftNumber form={form} name="keepLastMessages" label={words.keepLast} placeholder="4" />
          </div>
          <DraftFlag form={form} name="memory_flush" label={words.flush} hint={words.flushHint} />
          {hasFlush && <DraftText form={form} name="flush_prompt" label={words.flushPrompt} rows={3} />}
        </div>
      </Card>
      <Card title={words.commonFiles}>
        <div className="grid gap-4">
          <p className="max-w-[72ch] text-soft">{words.commonFilesHint}</p>
          <DraftFlag form={form} name="shared_dm" label={words.sharedDm} />
          <DraftFlag form={form} name="shared_group" label={words.sharedGroup} />
          <DraftFlag form={form} name="share_memory" label={words.shareMemory} />
          <DraftTags form={form} name="shared_users" label={words.sharedUsers} />
        </div>
      </Card>
    </>
  );
}
