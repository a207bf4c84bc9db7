import { useSearch } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCaller } from "#web/live/gateway.tsx";
import { AboutTab } from "#web/screens/settings/about/about-tab.tsx";
import { ActivityTab } from "#web/screens/settings/activity/activity-tab.tsx";
import { BrowsersTab } from "#web/screens/settings/browsers/browsers-tab.tsx";
import { ConfigurationTab } from "#web/screens/settings/configuration/configuration-tab.tsx";
import { JobsTab } from "#web/screens/settings/jobs/jobs-tab.tsx";
import { KeysTab } from "#web/screens/settings/keys/keys-tab.tsx";
import { LogsTab } from "#web/screens/settings/logs/logs-tab.tsx";
import { PeopleTab } from "#web/screens/settings/people/people-tab.tsx";
import { ProvidersTab } from "#web/screens/settings/providers/providers-tab.tsx";
import { listSettingsTabs, type SettingsTab } from "#web/screens/settings/settings-tabs.ts";
import { Page } from "#web/ui/page/page.tsx";
import { Tabs } from "#web/ui/tabs.tsx";

const PARTS: Readonly<Record<SettingsTab, ComponentType>> = {
  providers: ProvidersTab,
  keys: KeysTab,
  people: PeopleTab,
  configuration: ConfigurationTab,
  activity: ActivityTab,
  jobs: JobsTab,
  logs: LogsTab,
  browsers: BrowsersTab,
  about: AboutTab,
};

/** What the gateway works with, who may use it, and what happened. A person is offered what they may see. */
export function SettingsScreen() {
  const { settings: words } = useTexts();
  const { tab } = useSearch({ from: "/settings" });
  const tabs = listSettingsTabs(useCaller());
  const shown = tabs.find((name) => name === tab) ?? tabs[0] ?? "about";
  const Part = PARTS[shown];
  return (
    <Page
      title={words.title}
      tabs={
        <Tabs
          value={shown}
          label={words.title}
          items={tabs.map((name) => ({ value: name, label: words.tabs[name], href: `/settings?tab=${name}` }))}
        />
      }
    >
      <Part />
    </Page>
  );
}
