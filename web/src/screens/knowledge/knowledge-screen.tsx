import { useSearch } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { FilesTab } from "#web/screens/knowledge/files/files-tab.tsx";
import { MemoryTab } from "#web/screens/knowledge/memory/memory-tab.tsx";
import { Page } from "#web/ui/page/page.tsx";
import { Tabs } from "#web/ui/tabs.tsx";

/** What agents remember, and the files that they work with. */
export function KnowledgeScreen() {
  const { knowledge: words } = useTexts();
  const { tab } = useSearch({ from: "/knowledge" });
  const isFiles = tab === "files";
  return (
    <Page
      title={words.title}
      tabs={
        <Tabs
          label={words.title}
          value={isFiles ? "files" : "memory"}
          items={[
            { value: "memory", label: words.memory, href: "/knowledge" },
            { value: "files", label: words.files, href: "/knowledge?tab=files" },
          ]}
        />
      }
    >
      {isFiles ? <FilesTab /> : <MemoryTab />}
    </Page>
  );
}
