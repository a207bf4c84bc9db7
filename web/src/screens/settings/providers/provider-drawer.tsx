import { useTexts } from "#web/i18n/use-texts.tsx";
import { Refused } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { ProviderActions } from "#web/screens/settings/providers/provider-actions.tsx";
import { ProviderModels } from "#web/screens/settings/providers/provider-models.tsx";
import { ProviderTroubles } from "#web/screens/settings/providers/provider-troubles.tsx";
import { countKeys, type Provider, providerTypeLabelOf } from "#web/screens/settings/providers/provider-types.ts";
import { VerifyProvider } from "#web/screens/settings/providers/verify-provider.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { TextLink } from "#web/ui/link.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { EmptyState, LoadingState } from "#web/ui/states.tsx";
import { Status } from "#web/ui/status.tsx";
import { IdText } from "#web/ui/text/id-text.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

interface ProviderDrawerProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One provider: whether it works, who uses it, and what it offers. */
export function ProviderDrawer({ id, onClose }: ProviderDrawerProps) {
  const { settings } = useTexts();
  const words = settings.providers;
  const { data: provider, error, refetch } = useCall("providers.get", { id });
  const health = useCall("providers.health", {});
  const own = health.data?.troubles.filter((trouble) => trouble.provider === provider?.name) ?? [];
  return (
    <Drawer
      isOpen
      onClose={onClose}
      title={provider ? provider.display_name || provider.name : settings.tabs.providers}
      {...(provider && { footer: <ProviderActions provider={provider} onDeleted={onClose} /> })}
    >
      {provider ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          <ProviderTroubles troubles={own} />
          {/* A verdict says nothing about what was changed since. */}
          <VerifyProvider key={provider.updated_at} provider={provider} />
          <ProviderFacts provider={provider} />
          <ProviderModels id={provider.id} />
        </div>
      ) : error?.code === "NOT_FOUND" ? (
        <EmptyState title={words.gone} />
      ) : error ? (
        <Refused error={error} onRetry={refetch} />
      ) : (
        <LoadingState />
      )}
    </Drawer>
  );
}

function ProviderFacts({ provider }: { readonly provider: Provider }) {
  const { settings } = useTexts();
  const words = settings.providers;
  const agents = useCall("agents.list", {});
  const { id, name, provider_type, api_base, enabled, updated_at } = provider;
  const users = agents.data?.agents.filter(({ provider }) => provider === name) ?? [];
  const keys = countKeys(provider);
  return (
    <Section title={words.facts}>
      <Facts
        items={[
          { label: words.name, value: name },
          { label: words.type, value: providerTypeLabelOf(provider_type) },
          { label: words.address, value: api_base || <span className="text-soft">{words.ownAddress}</span> },
          { label: words.keys, value: keys === 0 ? words.noKeys : words.keysStored(keys) },
          {
            label: words.state,
            value: <Status tone={enabled ? "good" : "idle"}>{enabled ? words.on : words.off}</Status>,
          },
          {
            label: words.agents,
            value:
              users.length === 0 ? (
                <span className="text-soft">{words.noAgents}</span>
              ) : (
                <span className="flex flex-wrap gap-x-3">
                  {users.map(({ id, agent_key, display_name }) => (
                    <TextLink key={id} href={`/agents/${encodeURIComponent(agent_key)}`}>
                      {display_name || agent_key}
                    </TextLink>
                  ))}
                </span>
              ),
          },
          { label: words.changed, value: <TimeText iso={updated_at} mode="dateTime" /> },
          { label: "ID", value: <IdText id={id} /> },
        ]}
      />
    </Section>
  );
}
