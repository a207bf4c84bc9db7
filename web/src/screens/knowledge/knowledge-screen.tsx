import { useSearch } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { FilesTab } from "#web/screens/knowledge/files/files-tab.tsx";
import { MediaTab } from "#web/screens/knowledge/media/media-tab.tsx";
import { MemoryTab } from "#web/screens/knowledge/memory/memory-tab.tsx";
import { Page } from "#web/ui/page/page.tsx";
import { Tabs } from "#web/ui/tabs.tsx";

const TABS = ["memory", "files", "media"] as const;

/** What agents remember, the files that they work with, and what people sent them. */
export function KnowledgeScreen() {
  const { knowledge: words } = useTexts();
  const { tab } = useSearch({ from: "/knowledge" });
  const shown = TABS.find((name) => name === tab) ?? "memory";
  return (
    <Page
      title={words.title}
      tabs={
        <Tabs
          label={words.title}
          value={shown}
          items={[
            { value: "memory", label: words.memory, href: "/knowledge" },
            { value: "files", label: words.files, href: "/knowledge?tab=files" },
            { value: "media", label: words.media, href: "/knowledge?tab=media" },
          ]}
        />
      }
    >
      {shown === "memory" && <MemoryTab />}
      {shown === "files" && <FilesTab />}
      {shown === "media" && <MediaTab />}
    </Page>
  );
}
