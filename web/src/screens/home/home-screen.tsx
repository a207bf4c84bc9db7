import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Attention } from "#web/screens/home/attention.tsx";
import { FirstSteps } from "#web/screens/home/first-steps.tsx";
import { RunningNow } from "#web/screens/home/running-now.tsx";
import { Today } from "#web/screens/home/today.tsx";
import { Page } from "#web/ui/page/page.tsx";

/** What needs a person first, then what runs now, then the day in numbers. */
export function HomeScreen() {
  const { home: words } = useTexts();
  const isAdmin = hasRole(useCaller(), "admin");
  const providers = useCall("providers.list", {}, { isEnabled: isAdmin });
  const agents = useCall("agents.list", {}, { isEnabled: isAdmin });
  const all = providers.data?.providers;
  const demos = all?.filter(({ provider_type }) => provider_type === "demo").map(({ name }) => name);
  // The steps stay until an agent has a real model, also when a provider is there already.
  const isNew = agents.data?.agents.every(({ provider }) => demos?.includes(provider)) ?? false;
  return (
    <Page title={words.title} className="gap-6">
      {all && isNew && <FirstSteps known={all.find(({ name }) => !demos?.includes(name))} />}
      <Attention isAdmin={isAdmin} />
      <RunningNow />
      <Today />
    </Page>
  );
}
