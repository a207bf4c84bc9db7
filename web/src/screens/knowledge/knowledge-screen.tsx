import { useTexts } from "#web/i18n/use-texts.tsx";
import { Page } from "#web/ui/page/page.tsx";

export function KnowledgeScreen() {
  const { navigation } = useTexts();
  return <Page title={navigation.knowledge}>{null}</Page>;
}
