import { useSearch } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { InstancesTab } from "#web/screens/channels/instances/instances-tab.tsx";
import { NewChannelButton } from "#web/screens/channels/new-channel-button.tsx";
import { PairingTab } from "#web/screens/channels/pairing/pairing-tab.tsx";
import { QuotaTab } from "#web/screens/channels/quota-tab.tsx";
import { Page } from "#web/ui/page/page.tsx";
import { Tabs } from "#web/ui/tabs.tsx";

/** Where people reach agents from: accounts on chat platforms, who may write to them, and how much. */
export function ChannelsScreen() {
  const { channels: words } = useTexts();
  const { tab = "instances" } = useSearch({ from: "/channels" });
  const isAdmin = hasRole(useCaller(), "admin");
  const devices = useCall("devices.list", {}, { isEnabled: isAdmin });
  const waiting = devices.data?.pending.length ?? 0;
  const items = [
    { value: "instances", label: words.tabs.instances, href: "/channels" },
    ...(isAdmin
      ? [
          {
            value: "pairing",
            label: words.tabs.pairing,
            href: "/channels?tab=pairing",
            ...(waiting > 0 && { count: waiting }),
          },
        ]
      : []),
    { value: "quota", label: words.tabs.quota, href: "/channels?tab=quota" },
  ];
  const shown = items.some(({ value }) => value === tab) ? tab : "instances";
  return (
    <Page
      title={words.title}
      actions={isAdmin && shown === "instances" && <NewChannelButton />}
      tabs={<Tabs value={shown} items={items} label={words.title} />}
    >
      {shown === "instances" && <InstancesTab />}
      {shown === "pairing" && <PairingTab />}
      {shown === "quota" && <QuotaTab />}
    </Page>
  );
}
