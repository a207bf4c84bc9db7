import { useSearch } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { BuiltinTab } from "#web/screens/tools/builtin/builtin-tab.tsx";
import { CustomTab } from "#web/screens/tools/custom/custom-tab.tsx";
import { McpTab } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { SkillsTab } from "#web/screens/tools/skills/skills-tab.tsx";
import { Page } from "#web/ui/page/page.tsx";
import { Tabs } from "#web/ui/tabs.tsx";

const TABS = [
  { value: "builtin", View: BuiltinTab },
  { value: "custom", View: CustomTab },
  { value: "mcp", View: McpTab },
  { value: "skills", View: SkillsTab },
] as const;

/** Everything that agents can do beside talking: tools of the gateway, of the tenant, of servers, and skills. */
export function ToolsScreen() {
  const { tools: words } = useTexts();
  const { tab } = useSearch({ from: "/tools" });
  const { value, View } = TABS.find((entry) => entry.value === tab) ?? TABS[0];
  return (
    <Page
      title={words.title}
      tabs={
        <Tabs
          label={words.title}
          value={value}
          items={TABS.map((entry) => ({
            value: entry.value,
            label: words.tabs[entry.value],
            href: entry.value === "builtin" ? "/tools" : `/tools?tab=${entry.value}`,
          }))}
        />
      }
    >
      <View />
    </Page>
  );
}
