import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import type { Instance } from "#web/screens/channels/channel-types.ts";
import { ChannelForm } from "#web/screens/channels/form/channel-form.tsx";
import { ItemActions } from "#web/ui/page/item-actions.tsx";

interface InstanceActionsProps {
  readonly instance: Instance;
  readonly onDeleted: () => void;
}

/** What an administrator does with an account: turn it on and off, change it, delete it. */
export function InstanceActions({ instance, onDeleted }: InstanceActionsProps) {
  const { channels } = useTexts();
  const update = useAction("channels.instances.update");
  const remove = useAction("channels.instances.delete");
  const { id, name, enabled } = instance;
  return (
    <ItemActions
      words={channels}
      name={name}
      isOn={enabled}
      onTurn={(isOn) => update.mutateAsync({ id, enabled: isOn })}
      form={(close) => <ChannelForm instance={instance} onClose={close} />}
      onDelete={() => remove.mutateAsync({ id })}
      onDeleted={onDeleted}
    />
  );
}
