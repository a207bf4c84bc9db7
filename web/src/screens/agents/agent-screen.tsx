import { useTexts } from "#web/i18n/use-texts.tsx";
import { Page } from "#web/ui/page/page.tsx";

export function AgentScreen() {
  const { navigation } = useTexts();
  return <Page title={navigation.agents}>{null}</Page>;
}
