import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { ProviderForm } from "#web/screens/settings/providers/provider-form.tsx";
import type { Provider } from "#web/screens/settings/providers/provider-types.ts";
import { ItemActions } from "#web/ui/page/item-actions.tsx";

interface ProviderActionsProps {
  readonly provider: Provider;
  readonly onDeleted: () => void;
}

/** What an administrator does with a provider: turn it on and off, change it, delete it. */
export function ProviderActions({ provider, onDeleted }: ProviderActionsProps) {
  const { settings } = useTexts();
  const update = useAction("providers.update");
  const remove = useAction("providers.delete");
  const { id, name, enabled } = provider;
  return (
    <ItemActions
      words={settings.providers}
      name={name}
      isOn={enabled}
      onTurn={(isOn) => update.mutateAsync({ id, enabled: isOn })}
      form={(close) => <ProviderForm provider={provider} onClose={close} />}
      onDelete={() => remove.mutateAsync({ id })}
      onDeleted={onDeleted}
    />
  );
}
