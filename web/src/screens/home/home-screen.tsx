import { useTexts } from "#web/i18n/use-texts.tsx";
import { Page } from "#web/ui/page/page.tsx";

export function HomeScreen() {
  const { navigation } = useTexts();
  return <Page title={navigation.home}>{null}</Page>;
}
