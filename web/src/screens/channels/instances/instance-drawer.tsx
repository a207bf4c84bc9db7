import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Refused } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { findChannelType, type Instance, typeLabelOf } from "#web/screens/channels/channel-types.ts";
import { InstanceActions } from "#web/screens/channels/instances/instance-actions.tsx";
import { InstanceFacts } from "#web/screens/channels/instances/instance-facts.tsx";
import { InstanceHealth } from "#web/screens/channels/instances/instance-health.tsx";
import { SendMessage } from "#web/screens/channels/instances/send-message.tsx";
import { WaitingHere } from "#web/screens/channels/instances/waiting-here.tsx";
import { WebhookGuide } from "#web/screens/channels/instances/webhook-guide.tsx";
import { Outbox } from "#web/screens/channels/outbox/outbox.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { EmptyState, LoadingState } from "#web/ui/states.tsx";
import { TabPanel, Tabs } from "#web/ui/tabs.tsx";

interface InstanceDrawerProps {
  readonly id: string;
  readonly onClose: () => void;
}

const PARTS = ["about", "outbox"] as const;

/** One account: how it fares and why, what it is, how to try it, and what it sends. */
export function InstanceDrawer({ id, onClose }: InstanceDrawerProps) {
  const { channels: words } = useTexts();
  const isAdmin = hasRole(useCaller(), "admin");
  const { data: instance, error, refetch } = useCall("channels.instances.get", { id });
  return (
    <Drawer
      isOpen
      onClose={onClose}
      title={instance ? instance.display_name || instance.name : words.title}
      {...(instance &&
        isAdmin &&
        instance.source === "api" && { footer: <InstanceActions instance={instance} onDeleted={onClose} /> })}
    >
      {instance && isAdmin ? (
        <Parts instance={instance} />
      ) : instance ? (
        <About instance={instance} />
      ) : error?.code === "NOT_FOUND" ? (
        <EmptyState title={words.gone} hint={words.goneHint} />
      ) : error ? (
        <Refused error={error} onRetry={refetch} />
      ) : (
        <LoadingState />
      )}
    </Drawer>
  );
}

/** What administrators see of an account. Its messages are for them alone. */
function Parts({ instance }: { readonly instance: Instance }) {
  const { channels: words } = useTexts();
  const { part } = useSearch({ from: "/channels" });
  const navigate = useNavigate({ from: "/channels" });
  return (
    <Tabs
      label={instance.name}
      value={PARTS.find((name) => name === part) ?? "about"}
      onValueChange={(part) => void navigate({ search: (before) => ({ ...before, part }), replace: true })}
      items={PARTS.map((value) => ({ value, label: words.parts[value] }))}
    >
      <TabPanel value="about">
        <About instance={instance} />
      </TabPanel>
      <TabPanel value="outbox">
        <Outbox id={instance.id} />
      </TabPanel>
    </Tabs>
  );
}

function About({ instance }: { readonly instance: Instance }) {
  const { channels: words } = useTexts();
  const caller = useCaller();
  const isAdmin = hasRole(caller, "admin");
  const mayWrite = hasRole(caller, "operator");
  const { channel_type, config, source, enabled } = instance;
  const isBuilt = findChannelType(channel_type)?.isBuilt ?? false;
  const isWebhook = channel_type === "webhook";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {!isBuilt && (
        <Callout tone="careful" title={words.notBuilt(typeLabelOf(channel_type))}>
          {words.notBuiltHint}
        </Callout>
      )}
      {source === "config" && (
        <Callout tone="idle" title={words.isConfigured}>
          {words.isConfiguredHint}
        </Callout>
      )}
      {isAdmin && <WaitingHere name={instance.name} />}
      <InstanceHealth id={instance.id} isOn={enabled} showsReason={isBuilt} />
      <InstanceFacts instance={instance} />
      {isWebhook && <WebhookGuide id={instance.id} />}
      {/* A program without an address for answers gets them in its own requests, and cannot be written to. */}
      {mayWrite && enabled && isBuilt && !(isWebhook && !config?.callback_url) && <SendMessage instance={instance} />}
    </div>
  );
}
