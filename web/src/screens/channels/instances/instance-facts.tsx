import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import { findChannelType, type Instance, typeLabelOf } from "#web/screens/channels/channel-types.ts";
import { TextLink } from "#web/ui/link.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { IdText } from "#web/ui/text/id-text.tsx";

/** What an account is: its agent, who may write to it, and which credentials are stored. */
export function InstanceFacts({ instance }: { readonly instance: Instance }) {
  const { channels: words } = useTexts();
  const format = useFormat();
  const agent = useCall("agents.get", { id: instance.agent_id });
  const { name, channel_type, config, credentials, created_by, created_at, id } = instance;
  const usual = findChannelType(channel_type)?.usual.dm_policy ?? "pairing";
  const stored = Object.keys(credentials);
  return (
    <Section title={words.facts}>
      <Facts
        items={[
          { label: words.name, value: name },
          { label: words.type, value: typeLabelOf(channel_type) },
          {
            label: words.agent,
            value: agent.data ? (
              <TextLink href={`/agents/${encodeURIComponent(agent.data.agent_key)}`}>
                {agent.data.display_name || agent.data.agent_key}
              </TextLink>
            ) : (
              <IdText id={instance.agent_id} />
            ),
          },
          { label: words.configFields.dm_policy, value: toChoice(config?.dm_policy ?? usual) },
          { label: words.configFields.group_policy, value: toChoice(config?.group_policy ?? "open") },
          { label: words.credentials, value: stored.length > 0 ? stored.join(", ") : words.noCredentials },
          { label: words.createdBy, value: created_by },
          { label: words.createdAt, value: format.dateTime(created_at) },
          { label: "ID", value: <IdText id={id} /> },
        ]}
      />
    </Section>
  );

  function toChoice(value: unknown): string {
    const choices: Readonly<Record<string, string>> = words.choices;
    return choices[String(value)] ?? String(value);
  }
}
